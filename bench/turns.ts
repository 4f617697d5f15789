// Series of real runs that take turns, one run of each after another, so that a machine that grows slower makes all of them slower. Not a bench of its own.
import { setTimeout as sleep } from 'node:timers/promises';
import { $, fs, path } from 'zx';

/** `lock`: each run holds this file's lock (flock), and lets go of it between runs. `waitWhile`: no run begins while this file is there. `enough`: runs of a series that must count. */
export interface Pace { readonly on: string; readonly out: string; readonly enough: number; readonly lock?: string | undefined; readonly waitWhile?: string | undefined }

/** No series has more runs than this, whether enough of them count or not: that is decided by the gates of a run, never by what it measured. */
export const mostRuns = 9;
export const regionfall = [process.execPath, path.resolve(import.meta.dirname, '../bin/regionfall.mjs')];

/** How many runs of a series count. */
export async function validOf(name: string, out: string): Promise<number> {
  const file = path.join(out, name, 'summary.json');
  return await fs.pathExists(file) ? ((await fs.readJson(file)) as { readonly valid: number }).valid : 0;
}

/** Runs every series, a scenario's file by its name, until enough of its runs count. Called again, it goes on where it was. */
export async function takeTurns(series: Readonly<Record<string, string>>, pace: Pace): Promise<void> {
  for (let round = 1; round <= mostRuns; round += 1) {
    for (const [name, file] of Object.entries(series)) if (await validOf(name, pace.out) < pace.enough) await runOne(name, file, pace);
  }
  for (const name of Object.keys(series)) console.log(`${name}: ${await validOf(name, pace.out)} runs count`);
}

/** One run of one series; a world that was not ready, or not clean, is swept and tried again, twice. */
async function runOne(name: string, file: string, { on, out, lock, waitWhile }: Pace): Promise<void> {
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    while (waitWhile !== undefined && await fs.pathExists(waitWhile)) await sleep(10_000);
    const held = lock === undefined ? [] : ['flock', '-o', lock];
    const began = performance.now();
    const run = await $({ nothrow: true, quiet: true })`${held} ${regionfall} run ${file} --on ${on} --yes --series ${name} --repeat ${mostRuns} --turns 1 --out ${out}`;
    const verdict = run.stdout.split('\n').findLast((line) => /^(PASS|FAIL|INCONCLUSIVE|MEASURED)/.test(line)) ?? run.stderr.trim().split('\n').at(-1) ?? '';
    console.log(`${new Date().toISOString().slice(11, 19)}  ${name}: exit ${run.exitCode}, ${((performance.now() - began) / 1_000).toFixed(0)} s  ${verdict}`);
    if (run.exitCode === 130) process.exit(130);
    if ([0, 1, 2].includes(run.exitCode ?? 70)) return;
    await $({ nothrow: true, quiet: true })`${regionfall} sweep`;
  }
  throw new Error(`${name} did not run in three attempts: call this again once the reason is gone`);
}
