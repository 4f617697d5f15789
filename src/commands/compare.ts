import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { catalogue } from '../catalogue.ts';
import { compare as compareSets, type Comparison } from '../compare.ts';
import { readAllowList } from '../compare/allow-list.ts';
import { findLastGood, findRuns, type Found } from '../compare/find.ts';
import { DrillError, exits } from '../errors.ts';
import { measureIn } from '../outcome.ts';
import { readJson } from '../record.ts';
import type { Report } from '../report.ts';
import { renderComparison, type Shown } from '../reporters/compare.ts';
import { tabulate } from '../reporters/compare/terminal.ts';
import { paintFor } from '../reporters/paint.ts';
import { medianOf } from '../statistics.ts';
import type { Invocation } from './invocation.ts';

const defaultMarginPct = 10;

/** `regionfall compare <A> <B>`: what changed between two runs, two sets of runs or two versions, and whether it means anything; `last-good` for A is the last good night before B. 0: no worse, or no baseline to say so by; 1: worse; 2: too few runs, or none that count. */
export async function compare(call: Invocation): Promise<number> {
  const [wordA, wordB, ...more] = call.words;
  if (wordA === undefined || wordB === undefined || more.length > 0) throw new DrillError('wrong', { message: `two sets of runs are compared: ${call.words.join(', ') || 'none was named'}`, hint: 'regionfall compare <A> <B>: what was, and what is' });
  const { options } = call;
  const reports = options.reports ?? 'reports';
  const b = await findRuns(wordB, reports);
  const a = wordA === 'last-good' ? await findLastGood(b, reports) : await findRuns(wordA, reports);
  const both = new Set(a.found.map(({ outcome }) => outcome.id));
  const twice = b.found.filter(({ outcome }) => both.has(outcome.id));
  if (twice.length > 0) throw new DrillError('wrong', { message: `${twice.length} of the runs are on both sides, such as ${twice[0]?.outcome.id ?? ''}`, hint: 'name two sets that have no run in common' });
  const measures = catalogue.checks.flatMap((check) => check.measures);
  const comparison = compareSets(
    { name: a.name, outcomes: a.found.map(({ outcome }) => outcome) }, { name: b.name, outcomes: b.found.map(({ outcome }) => outcome) },
    { marginPct: options.marginPct ?? defaultMarginPct, allow: options.allow === undefined ? [] : readAllowList(resolve(options.allow), measures), today: new Date().toISOString() },
  );
  for (const line of tabulate(comparison, paintFor(call.terminal, process.env))) call.say(line);
  if (options.outGiven) {
    const dir = resolve(options.out);
    await mkdir(dir, { recursive: true });
    const files = renderComparison(comparison, { a: await showMiddle(comparison.a, a.found), b: await showMiddle(comparison.b, b.found) });
    for (const { name, text } of files) await writeFile(join(dir, name), text);
    call.say(`  ${files.map(({ name }) => join(dir, name)).join('\n  ')}`);
  }
  return { pass: exits.pass, 'no baseline': exits.pass, fail: exits.missed, inconclusive: exits.inconclusive }[comparison.ruling];
}

/** The report of the run in the middle: the one whose recovery time is nearest to the median of its side. Null where no report is left. */
async function showMiddle(side: Comparison['a'], found: readonly Found[]): Promise<Shown> {
  const there = found.filter(({ outcome, dir }) => side.runs.includes(outcome.id) && dir !== null).map(({ outcome, dir }) => ({ dir: dir as string, value: measureIn(outcome, 'failover.rto')?.value ?? Number.POSITIVE_INFINITY }));
  const middle = medianOf(there.map(({ value }) => value)) ?? 0;
  const [nearest] = there.toSorted((one, other) => Math.abs(one.value - middle) - Math.abs(other.value - middle));
  return nearest ? readJson<Report>(join(nearest.dir, 'report.json')) : null;
}
