import { join, resolve } from 'node:path';
import { catalogue } from '../catalogue.ts';
import type { Verdict } from '../check.ts';
import { exits } from '../errors.ts';
import { readJson, readRecord } from '../record.ts';
import { makeReport, publish } from '../report.ts';
import type { Invocation } from './invocation.ts';

/** `regionfall report <run>`: renders the stored verdict again, and judges nothing. */
export async function report(call: Invocation): Promise<number> {
  const dir = resolve(call.one('run folder'));
  const verdict = await readJson<Verdict>(join(dir, 'verdict.json'));
  const history = await readRecord(dir);
  await publish(catalogue.reporters, makeReport(history, verdict), history, dir);
  call.say(join(dir, 'report.html'));
  return exits.pass;
}
