import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { catalogue } from '../catalogue.ts';
import type { Verdict } from '../check.ts';
import { DrillError, exits } from '../errors.ts';
import { readRecord } from '../record.ts';
import { makeReport, publish } from '../report.ts';
import type { Invocation } from './invocation.ts';

/** `regionfall report <run>`: renders the stored verdict again, and judges nothing. */
export async function report(call: Invocation): Promise<number> {
  const dir = resolve(call.one('run folder'));
  const file = join(dir, 'verdict.json');
  const verdict = JSON.parse(await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new DrillError('wrong', { message: 'there is no verdict here yet', file, hint: `regionfall judge ${call.one('run folder')}` }, { cause });
  })) as Verdict;
  const history = await readRecord(dir);
  await publish(catalogue.reporters, makeReport(history, verdict), history, dir);
  call.say(join(dir, 'report.html'));
  return exits.pass;
}
