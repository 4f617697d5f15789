import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findRuns } from '../compare/find.ts';
import { exits } from '../errors.ts';
import { renderTrends, sayTrends } from '../reporters/trend.ts';
import { trendsOf } from '../trend.ts';
import type { Invocation } from './invocation.ts';

/** `regionfall trend [history or folder]`: each measure over the nights, and where its level changed; with `--out` also as a page. It judges nothing. */
export async function trend(call: Invocation): Promise<number> {
  const { found } = await findRuns(call.words.length === 0 ? call.options.reports ?? 'reports' : call.one('history'), call.options.reports ?? 'reports');
  const trends = trendsOf(found.map(({ outcome }) => outcome));
  for (const line of sayTrends(trends)) call.say(line);
  if (call.options.outGiven) {
    const dir = resolve(call.options.out);
    await mkdir(dir, { recursive: true });
    for (const { name, text } of renderTrends(trends)) {
      await writeFile(join(dir, name), text);
      call.say(`  ${join(dir, name)}`);
    }
  }
  return exits.pass;
}
