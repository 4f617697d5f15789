import { z } from 'zod';
import type { BoundCheck, Verdict } from '../../check.ts';
import type { Entry, FaultEntry, Gap, History } from '../../history.ts';
import type { judge } from '../../judge.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import { historyOf, lookAs, watchedAs } from '../histories.ts';

/** One run just within, or just beyond, what a gate lets pass: in what ways its verdict was wrong. */
export interface Edge { readonly kind: string; readonly misses: readonly string[] }

const [everyMs, beginMs, cutMs, backMs, gapMs, endMs] = [250, 2_000, 10_000, 20_000, 5_000, 60_000];
const probes = [watchedAs('front', 'http', 'http', everyMs), { ...watchedAs('control', 'http', 'http', everyMs, { target: 'control' }), timeoutMs: 2 * everyMs }];
/** What is promised (docs/how-we-know.md): so much of the looks not made, so much of the time blind (%), and a stall as long as a look may take (ms). */
const [missedPct, blindPct, stallMs] = [1, 1, everyMs];

/** What is wrong with a run: nothing unless given. `bad`: looks that went bad and when (ms from their start) they ended. */
interface Trouble {
  readonly status?: History['status'];
  readonly extra?: readonly Entry[];
  readonly gap?: (at: number) => Partial<Gap>;
  readonly unmade?: (probe: string, seq: number) => boolean;
  readonly bad?: (probe: string, at: number) => number | null;
  readonly fault?: (entry: FaultEntry) => boolean;
  readonly without?: string;
  readonly impact?: string | null;
  readonly throws?: string;
}
interface Case { readonly says: RegExp | null; draw(random: () => number): Trouble }

const outage = (probe: string, at: number, ranOut: boolean): number | null => (probe === 'front' && at >= cutMs && at < backMs ? (ranOut ? everyMs : 5) : null);
const blindFor = (from: number, ms: number, probe: string | null = null): Entry => ({ kind: 'blind', at: from + ms, probe, place: 'outside', from, to: from + ms, why: 'planted' });
const shareOf = (pct: number): number => (pct / 100) * (endMs - beginMs);
/** Between these shares of a limit: just below it, and above it, mostly just. */
const below = (random: () => number): number => 0.9 + 0.08 * random();
const above = (random: () => number): number => 1.03 + 2 * random() ** 3;
const ticks = (2 * gapMs) / everyMs;
const missing = (pct: number) => (): Partial<Gap> => ({ missed: (pct / 100) * ticks, ticks });

const cases: Readonly<Record<string, Case>> = {
  'nothing wrong': { says: null, draw: () => ({}) },
  'drill aborted': { says: /\(completed\): The drill was aborted/, draw: () => ({ status: 'aborted' }) },
  'drill interrupted': { says: /\(completed\): The drill was interrupted/, draw: () => ({ status: 'interrupted' }) },
  'one bad look at the control point': { says: /\(control path\)/, draw: (random) => { const when = beginMs + Math.floor((random() * (endMs - beginMs)) / everyMs) * everyMs; return { bad: (probe, at) => (probe === 'control' && at === when ? 5 : outage(probe, at, true)) }; } },
  'the first or the last look at the control point is bad': { says: /\(control path\)/, draw: (random) => { const when = random() < 0.5 ? beginMs : endMs; return { bad: (probe, at) => (probe === 'control' && at === when ? 5 : outage(probe, at, true)) }; } },
  'a bad look at the control point in blind time': { says: null, draw: (random) => ({ extra: [blindFor(40_000, 2, random() < 0.5 ? 'control' : null)], bad: (probe, at) => (probe === 'control' && at === 40_000 ? 5 : outage(probe, at, true)) }) },
  'trouble before the baseline': { says: null, draw: () => ({ extra: [blindFor(500, 1_000), { kind: 'gap', at: 1_500, place: 'outside', missed: 20, ticks: 1, jitterP99: 1, jitterMax: 2, stallMax: 2 }], bad: (probe, at) => (probe === 'control' && at === 1_750 ? 5 : outage(probe, at, true)) }) },
  'no look at the control point': { says: /\(control path\): The control path told nothing/, draw: () => ({ unmade: (probe) => probe === 'control' }) },
  'no control point': { says: /\(control path\)/, draw: () => ({ without: 'control' }) },
  'users notice nothing': { says: /\(impact\)/, draw: () => ({ bad: () => null }) },
  'users notice it once': { says: null, draw: (random) => { const when = cutMs + Math.floor((random() * (backMs - cutMs)) / everyMs) * everyMs; return { bad: (probe, at) => (probe === 'front' && at === when ? 5 : null) }; } },
  'users notice something before it': { says: /\(impact\)/, draw: (random) => { const when = beginMs + Math.floor((random() * (cutMs - beginMs - everyMs)) / everyMs) * everyMs; return { bad: (probe, at) => (probe === 'front' && at === when ? 5 : null) }; } },
  'users notice nothing, and nobody expected it': { says: null, draw: () => ({ impact: null, bad: () => null }) },
  'users are to notice what was not pulled': { says: /\(impact\)/, draw: () => ({ impact: 'another' }) },
  'fault said to be proven, and not to be pulled': { says: /\(fault proven\)/, draw: () => ({ fault: ({ state }) => state !== 'injected' }) },
  'fault healed, and nobody saw it gone': { says: /\(fault proven\)/, draw: () => ({ extra: [{ kind: 'phase', at: 50_000, phase: 'heal' }] }) },
  'fault not proven': { says: /\(fault proven\)/, draw: () => ({ fault: ({ state }) => state !== 'proven' }) },
  'fault not pulled': { says: /\(fault proven\)/, draw: () => ({ fault: () => false }) },
  'a few looks missed': { says: null, draw: (random) => ({ gap: missing(missedPct * below(random)) }) },
  'too many looks missed': { says: /% of the looks due at outside were not made/i, draw: (random) => ({ gap: missing(missedPct * above(random)) }) },
  // Of 233 looks of a probe two are less than one in a hundred, and three are more.
  'a few looks that nobody told of': { says: null, draw: (random) => { const first = 100 + Math.floor(random() * 100); return { unmade: (probe, seq) => probe === 'front' && [first, first + 2].includes(seq) }; } },
  'too many looks that nobody told of': { says: /% of the looks due at outside were not made/i, draw: (random) => { const first = 100 + Math.floor(random() * 100); return { unmade: (probe, seq) => probe === 'front' && [first, first + 2, first + 4].includes(seq) }; } },
  'no look of a probe': { says: /100.0 % of the looks due at outside were not made/, draw: () => ({ unmade: (probe) => probe === 'front' }) },
  'looks not made while it was blind for a little, and a few more': { says: null, draw: () => ({ extra: [blindFor(40_000, shareOf(blindPct) * 0.95)], unmade: (probe, seq) => probe === 'front' && [160, 161, 180, 182].includes(seq) }) },
  'told twice to have been blind for a little': { says: null, draw: (random) => { const ms = shareOf(blindPct) * below(random); return { extra: [blindFor(30_000, ms), blindFor(30_000 + 0.02 * ms, 0.9 * ms, 'front')] }; } },
  'blind for a little': { says: null, draw: (random) => ({ extra: [blindFor(30_000 + random() * 20_000, shareOf(blindPct) * below(random))] }) },
  'blind for too long': { says: /outside was blind for \d/i, draw: (random) => ({ extra: [blindFor(30_000 + random() * 20_000, shareOf(blindPct) * above(random))] }) },
  'blind for too long, in pieces': { says: /outside was blind for \d/i, draw: (random) => { const each = (shareOf(blindPct) * above(random)) / 3; return { extra: [blindFor(30_000, each), blindFor(35_000, each), blindFor(40_000, each)] }; } },
  'a stall shorter than a look may take': { says: null, draw: (random) => ({ gap: () => ({ stallMax: stallMs * below(random) }) }) },
  'a stall as long as a look may take': { says: /stalled for .* good looks may have been called bad/i, draw: (random) => { const stallMax = stallMs * above(random); return { gap: (at) => (at === 15_000 ? { stallMax } : {}) }; } },
  'a long stall while no look was bad': { says: null, draw: (random) => { const stallMax = stallMs * (1 + 9 * random()); return { gap: (at) => (at >= 30_000 ? { stallMax } : {}) }; } },
  'a long stall while looks were refused at once': { says: null, draw: (random) => { const stallMax = stallMs * (1 + 9 * random()); return { gap: () => ({ stallMax }), bad: (probe, at) => outage(probe, at, false) }; } },
  'a check that crashes': { says: /planted crash/, draw: () => ({ throws: 'planted crash' }) },
};
export const edges = Object.keys(cases);

/** Runs just within and just beyond what each gate lets pass: within, the check's own word must stand; beyond, the verdict must be inconclusive and say why. */
export function plantEdges(rule: typeof judge, runs: number, seed: string): Edge[] {
  const random = makeRandom(`edges ${seed}`);
  return Object.entries(cases).flatMap(([kind, { says, draw }]) => Array.from({ length: runs }, (): Edge => {
    const trouble = draw(random);
    const history = troubled(trouble, random);
    return { kind, misses: (['pass', 'fail'] as const).flatMap((word) => compare(says, word, rule([checkThat(word, trouble.throws)], history))) };
  }));
}

function compare(says: RegExp | null, word: 'pass' | 'fail', { ruling, because, findings }: Verdict): string[] {
  if (findings.some((finding) => finding.kind === 'gate' && finding.ruling === 'fail')) return ['a gate has failed: it holds, or proves nothing'];
  if (says === null) return ruling === word ? [] : [`nothing was wrong, and it was ruled ${ruling} instead of ${word}: ${because}`];
  if (ruling !== 'inconclusive') return [`ruled ${ruling}: ${because}`];
  return says.test(because) ? [] : [`inconclusive for another reason: ${because}`];
}

/** A check whose word is known, or that crashes. */
function checkThat(word: 'pass' | 'fail', throws?: string): BoundCheck {
  const judgeIt = () => { if (throws !== undefined) throw new Error(throws); return { ruling: word, because: 'Planted.', measures: [] }; };
  return { name: 'planted', objective: {}, check: { kind: 'planted', about: '', measures: [], objective: z.unknown(), judge: judgeIt } };
}

function troubled({ status = 'completed', extra = [], gap = () => ({}), unmade = () => false, bad = (probe, at) => outage(probe, at, true), fault = () => true, without, impact = 'planted' }: Trouble, random: () => number): History {
  const entries: Entry[] = [{ kind: 'phase', at: beginMs, phase: 'baseline' }, { kind: 'phase', at: endMs, phase: 'quiesce' }, ...extra];
  for (let at = gapMs; at <= endMs; at += gapMs) entries.push({ kind: 'gap', at, place: 'outside', missed: 0, ticks, jitterP99: 1, jitterMax: 2, stallMax: 2, ...gap(at) });
  for (const { name } of probes) {
    for (let seq = 0; seq * everyMs <= endMs; seq += 1) {
      const took = bad(name, seq * everyMs);
      if (!unmade(name, seq)) entries.push(lookAs('http', name, seq, seq * everyMs, seq * everyMs + (took ?? 5 + random() * 20), { status: 200, servedBy: null, connection: 'new', address: '' }, took === null));
    }
  }
  const history = historyOf({ probes: probes.filter(({ name }) => name !== without), client: ['front'], cut: { low: cutMs, high: cutMs + 50 }, entries });
  return { ...history, status, run: { ...history.run, impact }, entries: history.entries.filter((entry) => entry.kind !== 'fault' || fault(entry)) };
}
