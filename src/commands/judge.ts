import { join, resolve } from 'node:path';
import { catalogue } from '../catalogue.ts';
import { ledgerLines } from '../checks/ledger-lines.ts';
import { DrillError, exits } from '../errors.ts';
import type { History } from '../history.ts';
import { judge as judgeHistory } from '../judge.ts';
import type { BoundCheck } from '../check.ts';
import { readRecord } from '../record.ts';
import { makeReport, publish } from '../report.ts';
import type { Invocation } from './invocation.ts';
import { writeLines } from './lines.ts';

/** `regionfall judge <run>`: the verdict on a stored history, by the checks as they are now; report and verdict are written anew. */
export async function judge(call: Invocation): Promise<number> {
  const dir = resolve(call.one('run folder'));
  const history = await readRecord(dir);
  const verdict = judgeHistory(boundChecks(history), history);
  await publish(catalogue.reporters, makeReport(history, verdict), history, dir);
  await writeLines(join(dir, 'ledger.jsonl'), ledgerLines(history));
  call.say(`${verdict.ruling}: ${verdict.because}\n${join(dir, 'report.html')}`);
  return exits[verdict.ruling === 'fail' ? 'missed' : verdict.ruling];
}

function boundChecks(history: History): BoundCheck[] {
  return history.run.checks.map(({ name, kind, objective }) => {
    const check = catalogue.checks.find((one) => one.kind === kind);
    if (!check) throw new DrillError('wrong', { message: `the run asks for the check "${kind}", which this version does not have`, hint: `checks: ${catalogue.checks.map((one) => one.kind).join(', ')}` });
    return { name, check, objective };
  });
}
