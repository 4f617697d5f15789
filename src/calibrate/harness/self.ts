import type { watchFrom } from '../../agent/run.ts';
import type { Clock } from '../../clock.ts';
import type { Entry, Gap, Sample } from '../../history.ts';
import { makeVirtualClock, type VirtualClock } from '../../providers/sim/clock.ts';
import { makeRandom } from '../../providers/sim/random.ts';

/** One place that stood still at known times: in what ways it told of itself, or of its looks, wrongly. */
export interface Watched { readonly misses: readonly string[] }

/** A look takes longer than is left after the last one: it is under way when the watch ends (ms). */
const [lastsMs, everyMs, phaseMs, tookMs] = [16_000, [50, 250, 400] as const, 50, 40];
/** What is promised of a look: it may begin so late, or one interval where that is more; later than that it is missed (ms). */
const lateMs = 100;

interface Stall { readonly from: number; readonly to: number }

/** Lets an agent watch in virtual time while it stands still at known times: what it says of its own condition, and when its looks began, must be what was done. */
export async function plantStalls(watch: typeof watchFrom, runs: number, seed: string): Promise<Watched[]> {
  const random = makeRandom(`stalls ${seed}`);
  const found: Watched[] = [];
  for (let run = 0; run < runs; run += 1) found.push(await plantOne(watch, everyMs[run % everyMs.length] as number, drawStalls(random)));
  return found;
}

/** Never where a look or an account of 5 s is due at its very edge. */
function drawStalls(random: () => number): Stall[] {
  const stalls: Stall[] = [];
  for (let at = 300 + random() * 500; at < lastsMs - 3_000;) {
    const to = at + 10 + random() ** 2 * 1_500;
    stalls.push({ from: at, to });
    at = to + 600 + random() * 3_000;
  }
  return stalls;
}

async function plantOne(watch: typeof watchFrom, every: number, stalls: readonly Stall[]): Promise<Watched> {
  const virtual = makeVirtualClock();
  const entries: Entry[] = [];
  const began: number[] = [];
  let told = 0;
  const watching = watch({
    clock: stalling(virtual, stalls), place: 'outside', sink: (entry) => entries.push(entry), stallMs: () => (told += 1) * 10,
    probes: [{ name: 'front', kind: 'http', place: 'outside', everyMs: every, timeoutMs: every, params: {} }],
    senses: { http: async () => { began.push(virtual.now()); await virtual.inside.sleep(tookMs); return { status: 200, servedBy: null, connection: 'new', address: '' }; } },
  });
  await virtual.outside.sleep(lastsMs + phaseMs / 2);
  await virtual.awaited(watching.stop());
  virtual.stop();
  const gaps = entries.filter((entry) => entry.kind === 'gap');
  return { misses: [...compareGaps(gaps, every, stalls), ...compareLooks(entries.filter((entry) => entry.kind === 'sample'), began)] };
}

/** A clock whose sleepers wake when the process goes on again. */
function stalling(virtual: VirtualClock, stalls: readonly Stall[]): Clock {
  const { now, sleep } = virtual.inside;
  return { now, sleep: (ms, signal) => { const due = now() + Math.max(0, ms); return sleep((stalls.find(({ from, to }) => due >= from && due < to)?.to ?? due) - now(), signal); } };
}

/** What each look due must have come to: begun late by what it stood still, or missed. */
function compareGaps(gaps: readonly Gap[], every: number, stalls: readonly Stall[]): string[] {
  const patience = Math.max(every, lateMs);
  const dues = Array.from({ length: Math.floor(lastsMs / every) + 1 }, (_, turn) => turn * every);
  const late = dues.map((due) => { const stall = stalls.find(({ from, to }) => due >= from && due < to); return stall ? stall.to - due : 0; });
  const made = late.filter((ms) => ms <= patience).sort((a, b) => a - b);
  const sum = (of: (gap: Gap) => number): number => gaps.reduce((all, gap) => all + of(gap), 0);
  const most = (of: (gap: Gap) => number): number => Math.max(0, ...gaps.map(of));
  const misses: string[] = [];
  const hold = (what: string, said: number, truth: number, withinMs = 0): void => { if (Math.abs(said - truth) > withinMs) misses.push(`${what}: ${said.toFixed(1)} instead of ${truth.toFixed(1)}`); };
  hold('looks missed', sum(({ missed }) => missed), late.length - made.length);
  hold('looks begun', sum(({ ticks }) => ticks), made.length);
  hold('the latest look', most(({ jitterMax }) => jitterMax), made.at(-1) ?? 0, 0.01);
  hold('the longest stall', most(({ stallMax }) => stallMax), gaps.length * 10);
  for (const { jitterP99, jitterMax } of gaps) if (jitterP99 > jitterMax) misses.push('one in a hundred began later than the latest');
  // Of fewer than a hundred looks the latest is the one in a hundred.
  if (gaps.every(({ ticks }) => ticks < 100)) hold('one in a hundred', most(({ jitterP99 }) => jitterP99), made.at(-1) ?? 0, 0.01);
  return misses;
}

function compareLooks(samples: readonly Sample[], began: readonly number[]): string[] {
  const misses = samples.length === began.length ? [] : [`${samples.length} looks told of, and ${began.length} made`];
  const wrong = samples.filter(({ seq, started, ended }, index) => seq !== index || Math.abs(started - (began[index] ?? Number.NaN)) > 0.01 || ended < started);
  return wrong.length === 0 ? misses : [...misses, `${wrong.length} looks did not begin when they say, or in another order`];
}
