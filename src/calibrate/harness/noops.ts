import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DrillError } from '../../errors.ts';
import { here, type Running } from '../../exec.ts';
import { readRecord } from '../../record.ts';
import { finishedIn } from '../../series.ts';
import { addNoise, judgeNothing, type Noise } from './zero.ts';
import type { Calibration } from '../parts.ts';
import { countRow } from '../row.ts';
import { inTurn } from '../turn.ts';

/** So many drills with nothing broken, on a world that is real: a series of runs of `noop` in `out`, no more than `turns` of them now, each while `lock` is held. */
export interface Noops { readonly world: string; readonly times: number; readonly out: string; readonly turns?: number | undefined; readonly lock?: string | undefined }

/** A world that was not ready, or not clean, is swept and tried again. */
const attempts = 3;
/** Lines of a run's words that are kept. */
const keptLines = 60;
const regionfall = [process.execPath, fileURLToPath(new URL('../../../bin/regionfall.mjs', import.meta.url))];

/** The name of such a series; of the next one, in which what was left out is made up for, where `round` is given. */
export const seriesOf = (world: string, round = 1): string => `noop-${world}${round === 1 ? '' : `-${round}`}`;
/** In so many series, before too few are left to speak of. */
const mostRounds = 3;

/** Runs the drills that are still missing, and judges all there are: a row, what remains as noise, and the commits in whose folders they ran, as far as is known. Called again, it goes on where it was. */
export async function plantNoops({ world, times, out, turns = times, lock }: Noops, interrupt: AbortSignal, say: (line: string) => void): Promise<Calibration & { readonly whole: boolean; readonly versions: readonly string[] }> {
  let left = turns;
  let judged: Judged = { counted: 0, disturbed: 0, misses: [], noise: new Map(), revisions: new Set() };
  for (let round = 1; round <= mostRounds && judged.counted < times; round += 1) {
    const [series, wanted] = [seriesOf(world, round), times - judged.counted];
    const done = async () => (await runsIn(join(out, series))).size;
    for (; left > 0 && await done() < wanted; left -= 1) {
      const { said, tookMs } = await inTurn(lock, interrupt, async () => {
        const began = performance.now();
        return { said: await runOne(world, series, wanted, out, interrupt), tookMs: performance.now() - began };
      });
      say(`noop on ${world}: ${await done()} of ${wanted}, the last in ${(tookMs / 1_000).toFixed(0)} s: ${said}`);
    }
    judged = await judgeRuns(join(out, series), judged);
    if (await done() < wanted) break;
  }
  const row = countRow(`nothing broken (noop on ${world})`, judged.misses.map((misses) => ({ misses })), say);
  return { rows: [{ ...row, disturbed: judged.disturbed, wanted: times }], noise: [...judged.noise.values()], whole: judged.counted >= times, versions: [...judged.revisions].sort() };
}

/** The finished runs by number; none where the series has not begun. */
async function runsIn(dir: string): Promise<Map<number, string>> {
  return finishedIn(dir).catch(() => new Map());
}

async function runOne(world: string, series: string, times: number, out: string, interrupt: AbortSignal): Promise<string> {
  const words = ['run', 'noop', '--on', world, '--yes', '--series', series, '--repeat', String(times), '--turns', '1', '--out', out];
  for (let attempt = 1; ; attempt += 1) {
    const running = here.start([...regionfall, ...words]);
    const stop = () => running.kill('SIGINT'); // it heals, and leaves nothing behind
    interrupt.addEventListener('abort', stop, { once: true });
    const said = await lastLines(running);
    const { code, stderr } = await running.gone;
    interrupt.removeEventListener('abort', stop);
    interrupt.throwIfAborted();
    if ([0, 1, 2].includes(code ?? 70)) return said.findLast((line) => /^(PASS|FAIL|INCONCLUSIVE|MEASURED)/.test(line)) ?? `exit ${code}`;
    if (attempt === attempts) throw new DrillError('notReady', { message: `noop does not run on ${world}: ${[...said, stderr].join(' ').trim().slice(-500)}`, hint: `try it by itself: regionfall run noop --on ${world}` });
    await here.run([...regionfall, 'sweep'], { timeoutMs: 120_000 });
  }
}

/** The last it says. */
async function lastLines(running: Running): Promise<string[]> {
  const last: string[] = [];
  try { for await (const line of running.lines()) { last.push(line); if (last.length > keptLines) last.shift(); } } catch { /* the pipe broke: it has gone */ }
  return last;
}

/** What came of the runs so far. */
interface Judged { readonly counted: number; readonly disturbed: number; readonly misses: readonly (readonly string[])[]; readonly noise: Map<string, Noise>; readonly revisions: Set<string> }

/** Adds the runs of a series. One that does not count, by its own gates, was disturbed: it is left out, and counted so. */
async function judgeRuns(dir: string, before: Judged): Promise<Judged> {
  const { noise, revisions } = before;
  const misses = [...before.misses];
  let { disturbed } = before;
  for (const [, run] of [...await runsIn(dir)].sort(([a], [b]) => a - b)) {
    const history = await readRecord(run);
    const found = judgeNothing(history);
    if (!found.counts) { disturbed += 1; continue; }
    misses.push(found.misses);
    if (history.run.revision !== undefined) revisions.add(history.run.revision);
    addNoise(noise, found.measures);
  }
  return { counted: misses.length, disturbed, misses, noise, revisions };
}
