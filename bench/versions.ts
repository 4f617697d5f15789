#!/usr/bin/env node
// Versions of the reference system that really differ, told apart from series of real runs: `npm run bench bench/versions.ts -- [--on embedded] [--out reports/versions] [--enough 5] [--lock FILE] [--wait-while FILE] [--keep docs/versions]`.
// Takes turns, one run of each version after another, so that a machine that grows slower makes all of them slower. Called again, it goes on where it was.
// A series ends when so many of its runs count (`--enough`), or after nine: that is decided by the gates of a run, never by what it measured.
// --lock: each run holds this file's lock (flock), and lets go of it between runs. --wait-while: no run begins while this file is there. --keep: where the compact history and the comparisons are copied to in the end.
import { setTimeout as sleep } from 'node:timers/promises';
import { $, argv, fs, path } from 'zx';

const { on = 'embedded', out = 'reports/versions', enough = 5, lock, keep, 'wait-while': waitWhile } = argv as unknown as { readonly on?: string; readonly out?: string; readonly enough?: number; readonly lock?: string; readonly keep?: string; readonly 'wait-while'?: string };
const repeat = 9;
const here = import.meta.dirname;
const regionfall = [process.execPath, path.resolve(here, '../bin/regionfall.mjs')];
// `fast` twice: two series of the same version are not to be told apart.
const series = { fast: 'fast', async: 'async', 'slow-pilot': 'slow-pilot', 'checks-10': 'checks-10', 'checks-30': 'checks-30', 'fast-again': 'fast' };
const questions: readonly (readonly [a: string, b: string, right: string])[] = [
  ['checks-10', 'checks-30', 'RTO worse, by stage.detect.dns'],
  ['fast', 'async', 'loss worse'],
  ['fast', 'slow-pilot', 'RTO worse, by stage.detect.db'],
  ['fast', 'fast-again', 'no change'],
];

/** One run of one series; a world that was not ready, or not clean, is swept and tried again, twice. */
async function runOne(name: string, scenario: string): Promise<void> {
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    while (waitWhile !== undefined && await fs.pathExists(waitWhile)) await sleep(10_000);
    const held = lock === undefined ? [] : ['flock', '-o', lock];
    const began = performance.now();
    const run = await $({ nothrow: true, quiet: true })`${held} ${regionfall} run ${path.join(here, 'versions', `${scenario}.yaml`)} --on ${on} --yes --series ${name} --repeat ${repeat} --turns 1 --out ${out}`;
    const verdict = run.stdout.split('\n').findLast((line) => /^(PASS|FAIL|INCONCLUSIVE|MEASURED)/.test(line)) ?? run.stderr.trim().split('\n').at(-1) ?? '';
    console.log(`${new Date().toISOString().slice(11, 19)}  ${name}: exit ${run.exitCode}, ${((performance.now() - began) / 1_000).toFixed(0)} s  ${verdict}`);
    if (run.exitCode === 130) process.exit(130);
    if ([0, 1, 2].includes(run.exitCode ?? 70)) return;
    await $({ nothrow: true, quiet: true })`${regionfall} sweep`;
  }
  throw new Error(`${name} did not run in three attempts: call this again once the reason is gone`);
}

const validOf = async (name: string): Promise<number> => {
  const file = path.join(out, name, 'summary.json');
  return await fs.pathExists(file) ? ((await fs.readJson(file)) as { readonly valid: number }).valid : 0;
};
for (let round = 1; round <= repeat; round += 1) {
  for (const [name, scenario] of Object.entries(series)) if (await validOf(name) < Number(enough)) await runOne(name, scenario);
}
for (const name of Object.keys(series)) console.log(`${name}: ${await validOf(name)} runs count`);

for (const [a, b, right] of questions) {
  const compared = await $({ nothrow: true, quiet: true })`${regionfall} compare ${path.join(out, a)} ${path.join(out, b)} --out ${path.join(out, `${a}-v-${b}`)}`;
  if (keep !== undefined) for (const kind of ['html', 'md']) await fs.copy(path.join(out, `${a}-v-${b}`, `compare.${kind}`), path.join(keep, `${a}-v-${b}.${kind}`));
  console.log(`\n== ${a} v ${b}; right would be: ${right} (exit ${compared.exitCode})\n${compared.stdout}${compared.stderr}`);
}
if (keep !== undefined) await fs.copy(path.join(out, 'history.jsonl'), path.join(keep, 'history.jsonl'));
