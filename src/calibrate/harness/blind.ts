import type { makeHearing } from '../../agent/hearing.ts';
import type { BoundCheck, Verdict } from '../../check.ts';
import { failoverTime } from '../../checks/failover-time.ts';
import type { Entry, Gap, History } from '../../history.ts';
import type { judge } from '../../judge.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import { historyOf, lookAs, watchedAs } from '../histories.ts';

/** How an agent fails. `harmless`: nothing is wrong with it, or nothing is lost. */
export const blindnesses = ['agent frozen', 'pipe cut', 'lines lost', 'clock ahead', 'clock back', 'CPU gone', 'looks spoiled', 'harmless', 'harmless, delivered late'] as const;
export type Blindness = (typeof blindnesses)[number];

/** What the verdict must say of each; the harmless must be judged as if nothing had been. */
const says: Readonly<Record<Blindness, RegExp | null>> = {
  'agent frozen': /outside was blind for \d/i, 'pipe cut': /outside was blind for \d/i, 'lines lost': /outside was blind for \d/i, 'clock ahead': /outside was blind for \d/i, 'clock back': /outside was blind for \d/i,
  'CPU gone': /% of the looks due at outside were not made/, 'looks spoiled': /the agent at outside stalled for .* good looks may have been called bad/i, harmless: null, 'harmless, delivered late': null,
};

/** One run whose harness was blind: in what ways its verdict was wrong. */
export interface Blinded { readonly kind: Blindness; readonly misses: readonly string[] }

const [everyMs, beatMs, gapMs, cutMs, backMs, endMs] = [250, 500, 5_000, 10_000, 20_000, 60_000];
const probes = [watchedAs('front', 'http', 'http', everyMs), watchedAs('control', 'http', 'http', everyMs, { target: 'control' })];

/** Objectives that the same outage would meet and miss: neither may be said of a run that nobody saw. */
const objectives = { pass: 30_000, fail: 2_000 } as const;

/** Has an agent fail in every way at random times, hears it as the harness does and judges the history: inconclusive for the right reason, never pass, never fail. */
export function plantBlindness(hearing: typeof makeHearing, rule: typeof judge, runs: number, seed: string): Blinded[] {
  const random = makeRandom(`blind ${seed}`);
  return Array.from({ length: runs }, () => blindnesses.map((kind): Blinded => {
    const history = historyOf({ probes, client: ['front'], cut: { low: cutMs, high: cutMs + 50 }, entries: hearRun(hearing, kind, random) });
    return { kind, misses: (Object.keys(objectives) as (keyof typeof objectives)[]).flatMap((would) => compare(kind, would, judgeBy(rule, history, objectives[would]))) };
  })).flat();
}

/** A verdict by one objective on the time to recover (ms). */
export function judgeBy(rule: typeof judge, history: History, max: number): Verdict {
  const asked: BoundCheck = { name: 'rto', check: failoverTime as BoundCheck['check'], objective: { max } };
  return rule([asked], history);
}

function compare(kind: Blindness, would: keyof typeof objectives, { ruling, because }: Verdict): string[] {
  const expected = says[kind];
  if (expected === null) return ruling === would ? [] : [`nothing was wrong, and it was ruled ${ruling} instead of ${would}: ${because}`];
  if (ruling !== 'inconclusive') return [`ruled ${ruling}: ${because}`];
  return expected.test(because) ? [] : [`inconclusive for another reason: ${because}`];
}

/** The smallest steps of a clock that are promised to be found, and the largest that are planted (ms): ahead, beyond what lines take on their way (here nothing) and rounding; back, beyond the time between two beats. Most are small. */
const [leastAheadMs, leastBackMs, mostStepMs] = [1.5, beatMs + 0.5, 11_000];

interface Trouble { readonly from: number; readonly to: number; readonly stepMs: number }

/** What the harness hears of an agent that looks at a region lost and recovered, and fails in one way in between. */
function hearRun(hearing: typeof makeHearing, kind: Blindness, random: () => number): Entry[] {
  const entries: Entry[] = [{ kind: 'phase', at: 0, phase: 'baseline' }, { kind: 'phase', at: endMs, phase: 'quiesce' }];
  const from = 2_000 + random() * 30_000;
  const trouble: Trouble = { from, to: from + (kind === 'CPU gone' ? 8_000 : 3_500) + random() * 8_000, stepMs: kind === 'clock back' ? -leastBackMs - random() ** 3 * mostStepMs : leastAheadMs + random() ** 3 * mostStepMs };
  const lines = linesOf(kind, trouble, random);
  let now = 0;
  const ear = hearing({ now: () => now, sleep: () => Promise.resolve() }, 'outside', { call: () => Promise.resolve(null), settle: () => {}, failAll: () => {} }, (entry) => entries.push(entry));
  ear.expect(probes.map(({ name }) => ({ name, kind: 'http', place: 'outside', everyMs, timeoutMs: everyMs, params: {} })));
  for (const { at, line } of lines) {
    now = Math.max(now, at);
    ear.hear(line);
  }
  if (kind === 'pipe cut') { now = endMs; ear.lose('the agent has gone'); }
  return entries;
}

/** What an agent writes, and when it arrives (ms). */
function linesOf(kind: Blindness, trouble: Trouble, random: () => number): { readonly at: number; readonly line: string }[] {
  const inside = (ms: number): boolean => ms >= trouble.from && ms < trouble.to;
  const lines: { at: number; line: string }[] = [];
  const say = (at: number, message: unknown): void => { lines.push({ at: kind === 'harmless, delivered late' && inside(at) ? trouble.to : at, line: JSON.stringify(message) }); };
  const silent = (ms: number): boolean => (kind === 'agent frozen' && inside(ms)) || (kind === 'pipe cut' && ms >= trouble.from);
  const shift = (ms: number): number => (kind.startsWith('clock') && ms >= trouble.from ? trouble.stepMs : 0);
  let missed = 0;
  const seqs = new Map<string, number>();
  for (let at = 0; at <= endMs; at += everyMs) {
    if (silent(at)) continue;
    const told = at + shift(at);
    if (at % beatMs === 0) say(at, { beat: told });
    for (const { name } of probes) {
      // With its CPU gone it comes to every other tick at best.
      if (kind === 'CPU gone' && inside(at) && random() < 0.7) { missed += 1; continue; }
      const seq = seqs.get(name) ?? 0;
      seqs.set(name, seq + 1);
      const spoiled = kind === 'looks spoiled' && inside(at) && random() < 0.5;
      const bad = name === 'front' && ((at >= cutMs && at < backMs) || spoiled);
      const entry = lookAs('http', name, seq, told, told + (bad ? everyMs : 10), { status: 200, servedBy: null, connection: 'new', address: '' }, !bad);
      if (!(kind === 'lines lost' && inside(at))) say(at + (bad ? everyMs : 10), { entry });
    }
    if (at % gapMs === 0 && at > 0) {
      const gap: Gap = { kind: 'gap', at: told, place: 'outside', missed, ticks: 2 * (gapMs / everyMs) - missed, jitterP99: 1, jitterMax: 2, stallMax: kind === 'looks spoiled' && trouble.from < at && trouble.to > at - gapMs ? 400 : 2 };
      missed = 0;
      say(at, { entry: gap });
    }
  }
  return lines.sort((a, b) => a.at - b.at);
}
