import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { wholeCalibration } from '../calibrate/calibrate.ts';
import { plantNoops, seriesOf } from '../calibrate/harness/noops.ts';
import { pageOf, plantedFor } from '../calibrate/page.ts';
import { parts, type Part } from '../calibrate/parts.ts';
import { keepResult, keptResult, resultOf, type Result } from '../calibrate/results.ts';
import { sayNoise, sayTable, weigh } from '../calibrate/say-rows.ts';
import { orInterrupted } from '../calibrate/leaving.ts';
import { inTurn } from '../calibrate/turn.ts';
import { catalogue } from '../catalogue.ts';
import { DrillError, exits } from '../errors.ts';
import { suggest } from '../nearest.ts';
import { findOwnVersion } from '../revision.ts';
import type { Invocation } from './invocation.ts';
import { defaultOut } from './options.ts';

/** `regionfall calibrate`: plants known truths, measures them with the instruments as shipped, and prints a row a kind and the noise floor; missed where any truth lay outside its bounds. */
export async function calibrate(call: Invocation): Promise<number> {
  const { options, say } = call;
  refuseWords(call.words);
  if (options.only?.length === 0) throw new DrillError('wrong', { message: '--only names no part', hint: `parts are ${parts.map(({ name }) => name).join(', ')}` });
  if (options.noops) refuseWorld(options.noops.world);
  const asked = options.only?.map(partNamed) ?? (options.noops ? [] : parts);
  if (options.table !== undefined && options.series === undefined) throw new DrillError('wrong', { message: '--table without --series: there is nothing kept to write', hint: 'such as --series whole --table docs/calibration.md' });
  const results: Result[] = [];
  const later: string[] = [];
  let left = options.turns ?? Number.POSITIVE_INFINITY;
  for (const part of asked) {
    const kept = await keptOf(part, call);
    if (kept) { say(`${part.name}: kept since ${kept.at.slice(0, 10)}, of ${kept.version}`); results.push(kept); continue; }
    if (left === 0) { say(`${part.name}: not now; call this again to go on`); later.push(part.name); continue; }
    left -= 1;
    results.push(await runPart(part, call));
  }
  if (options.noops) results.push(...await runNoops(options.noops, call));
  const rows = results.flatMap((result) => result.rows);
  for (const line of ['', ...sayTable(rows), ...results.flatMap(sayFloor)]) say(line);
  if (options.table !== undefined) await writePage(options.table, call);
  return conclude(rows, later, say);
}

function refuseWords([word]: readonly string[]): void {
  if (word !== undefined) throw new DrillError('wrong', { message: `calibrate takes no words: ${word}`, hint: parts.some(({ name }) => name === word) ? `one part alone: --only ${word}` : suggest(word, parts.map(({ name }) => name), 'one part alone is named as in --only silent; parts are') });
}

function refuseWorld(name: string): void {
  const real = catalogue.providers.filter((provider) => provider.name !== 'sim').map((provider) => provider.name);
  if (!real.includes(name)) throw new DrillError('wrong', { message: `--noops ${name}: there is no such real world`, hint: suggest(name, real, 'worlds are') });
}

function partNamed(name: string): Part {
  const part = parts.find((one) => one.name === name);
  if (!part) throw new DrillError('wrong', { message: `the calibration has no part "${name}"`, hint: suggest(name, parts.map((one) => one.name), 'parts are') });
  return part;
}

function folderOf({ options }: Invocation): string | null {
  return options.series === undefined ? null : join(resolve(options.out), options.series);
}

/** What is planted: all of it, by its own seed or the one that was named. */
function plantedBy({ options: { seed } }: Invocation): typeof wholeCalibration {
  return seed === undefined ? wholeCalibration : { ...wholeCalibration, seed };
}

async function keptOf(part: Part, call: Invocation): Promise<Result | null> {
  const dir = folderOf(call);
  return dir === null ? null : keptResult(dir, part.name, plantedFor(part, plantedBy(call)));
}

async function runPart(part: Part, call: Invocation): Promise<Result> {
  const { options, say, interrupt } = call;
  interrupt.throwIfAborted();
  say(`${part.name}: ${part.about}`);
  return inTurn(options.lock, interrupt, async () => {
    const began = performance.now();
    const planted = plantedBy(call);
    const found = await orInterrupted(interrupt, () => part.run(planted, say));
    const result = resultOf(part.name, found, plantedFor(part, planted), (performance.now() - began) / 1_000, await findOwnVersion());
    const dir = folderOf(call);
    if (dir !== null) await keepResult(dir, result);
    return result;
  });
}

/** Drills on a real world are kept in any case, run by run; what they come to is a result once all are there. */
async function runNoops({ world, times }: { readonly world: string; readonly times: number }, call: Invocation): Promise<Result[]> {
  const { options, say, interrupt } = call;
  const began = performance.now();
  const { whole, versions, ...found } = await plantNoops({ world, times, out: join(resolve(options.out), options.series ?? 'calibration'), turns: options.turns, lock: options.lock }, interrupt, say);
  const result = resultOf(seriesOf(world), found, { noops: times }, (performance.now() - began) / 1_000, versions.length > 0 ? versions.join(', ') : await findOwnVersion());
  const dir = folderOf(call);
  if (whole && dir !== null) await keepResult(dir, result);
  return [result];
}

function sayFloor({ part, noise, rows }: Result): string[] {
  if (noise.length === 0) return [];
  const drills = rows.reduce((sum, { cases }) => sum + cases, 0);
  return [`\nnoise floor (${part}): the most that ${drills} drills found in which nothing was broken`, ...noise.map((one) => `${one.name.padEnd(46)}${sayNoise(one)}`)];
}

async function writePage(file: string, call: Invocation): Promise<void> {
  const { out, series, seed } = call.options;
  await mkdir(dirname(resolve(file)), { recursive: true });
  await writeFile(file, await pageOf(folderOf(call) as string, `regionfall calibrate${out === defaultOut ? '' : ` --out ${out}`}${seed === undefined ? '' : ` --seed ${seed}`} --series ${series} --table ${file}`, plantedBy(call)));
  call.say(`\ntable  ${file}`);
}

function conclude(rows: Result['rows'], later: readonly string[], say: (line: string) => void): number {
  const { missed, few } = weigh(rows);
  const open = [...(few.length > 0 ? [`too few cases yet in ${few.map(({ mode }) => mode).join(', ')}; run it again, on a quieter machine where many were left out`] : []), ...(later.length > 0 ? [`not run yet: ${later.join(', ')}`] : [])];
  const skipped = rows.filter((row) => row.skipped !== undefined);
  if (missed.length > 0) say(`\nnot to be trusted: ${missed.map(({ mode }) => mode).join(', ')}`);
  else if (open.length > 0) say(`\nnot decided: ${open.join('; ')}`);
  else say(`\nevery planted truth lay inside its bounds, and nothing else was found${skipped.length > 0 ? `; not planted: ${skipped.map(({ mode }) => mode).join(', ')}` : ''}`);
  return missed.length > 0 ? exits.missed : open.length > 0 || skipped.length === rows.length ? exits.inconclusive : exits.pass;
}
