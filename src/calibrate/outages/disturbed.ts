import { delayGrainMs } from '../../agent/stalls.ts';
import type { Entry, Gap, Sample } from '../../history.ts';
import type { Case, Instrument, Planted } from './held.ts';
import type { Target } from './out.ts';
import { untoldMs } from './pulse.ts';

/** The longest a change may take to be a moment (ms). */
const momentMs = 60;

/** What an agent's entries say of when it stood still: what it told, and when its looks began (ms), in order. */
export interface Account { readonly gaps: readonly Gap[]; readonly starts: Float64Array }

/** Puts it together once: there are a thousand cases to hold against it. */
export function accountOf(entries: readonly Entry[]): Account {
  return { gaps: entries.filter((entry): entry is Gap => entry.kind === 'gap'), starts: Float64Array.from(entries.flatMap((entry) => (entry.kind === 'sample' ? [entry.started] : []))).sort() };
}

/** What is known of a case that was missed, for whoever wants to know why: when it was out, the looks around either end, and who stood still when. */
export function sayMiss({ planted, misses }: Case, connections: string, samples: readonly Sample<'http'>[], target: Target, instrument: Instrument, account: Account, zeroMs: number): string {
  const { everyMs, timeoutMs } = instrument;
  const ms = (value: number) => value.toFixed(0);
  const span = ({ low, high }: Planted['from']) => `${ms(low)}-${ms(high)}`;
  const near = [planted.from, planted.to].map((edge) => samples.filter(({ started, ended }) => ended > edge.low - 2 * everyMs - timeoutMs && started < edge.high + 2 * everyMs + timeoutMs).map(({ scheduled, started, ended, ok }) => `${ms(started)}${started - scheduled > 5 ? ` (${ms(started - scheduled)} late)` : ''}-${ms(ended)} ${ok ? 'good' : 'bad'}`).join(', '));
  const stalls = target.stalls().map(({ low, high }) => ({ low: low - zeroMs, high: high - zeroMs })).filter(({ low, high }) => high > planted.from.low - 1_000 && low < planted.to.high + 1_000).map(span);
  return `  ${misses.join(', ')}: ${planted.mode}, ${connections}, every ${everyMs} ms, timeout ${timeoutMs} ms; out from ${span(planted.from)} to ${span(planted.to)} ms; looks: ${near.join(' ... ')}; the target stood still: ${stalls.join(', ') || 'never'}; the agent for at most ${ms(stalledFor(account, planted, instrument))} ms`;
}

/**
 * For how long (ms) the agent stood still around either end: the most within the time of one look; in between all looks are bad, and none can be made so. It tells the
 * longest stall of every few seconds, short of what its own timer is apart; when that was is seen by its looks, whatever they look at: while it stood still none began.
 * So it is each time near an end without the start of any, none for longer than it tells.
 */
export function stalledFor({ gaps, starts }: Account, { from, to }: Planted, instrument: Instrument): number {
  const margin = marginOf(instrument);
  return Math.max(...[from, to].map(({ low, high }) => {
    const told = Math.max(0, ...gaps.filter((gap, index) => gap.at > low - margin && (gaps[index - 1]?.at ?? 0) < high + margin).map(({ stallMax }) => stallMax));
    if (told === 0) return 0;
    const pauses = pausesIn(starts, low - margin, high + margin);
    return Math.max(0, ...pauses.map((first) => pauses.reduce((sum, one) => (one.low >= first.low && one.low <= first.low + instrument.timeoutMs ? sum + Math.min(one.high - one.low, told + delayGrainMs) : sum), 0)));
  }));
}

/** The times within [from, to] (ms) without the start of a look that are longer than it takes to tell of. */
function pausesIn(starts: Float64Array, from: number, to: number): Planted['from'][] {
  const marks = [from, ...starts.subarray(placeOf(starts, from), placeOf(starts, to)), to];
  return marks.slice(1).map((high, index) => ({ low: marks[index] as number, high })).filter(({ low, high }) => high - low > untoldMs);
}

/** Where in what is sorted the first stands that is no less. */
function placeOf(sorted: Float64Array, least: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** So near an end (ms) what happens there moves it. */
function marginOf({ everyMs, timeoutMs, stableMs }: Instrument): number {
  return stableMs + everyMs + timeoutMs;
}

/**
 * For how long (ms) the target stood still by its own account around either end, for another reason than that it was taken away: the most within the time of one look, and
 * what it does not tell on top.
 */
export function stoodStill(target: Target, { mode, from, to }: Planted, instrument: Instrument, zeroMs: number): number {
  const margin = marginOf(instrument);
  const stops = mode === 'frozen' || mode === 'silent';
  const own = target.stalls().map(({ low, high }) => ({ low: low - zeroMs, high: high - zeroMs })).filter(({ low, high }) => !stops || Math.min(high, to.high) - Math.max(low, from.low) < (to.low - from.high) / 2);
  const near = own.filter(({ low, high }) => [from, to].some((edge) => high > edge.low - margin && low < edge.high + margin));
  const within = ({ low, high }: Planted['from']): number => near.reduce((sum, one) => (one.high >= low && one.low <= high + instrument.timeoutMs ? sum + one.high - one.low : sum), 0);
  return untoldMs + Math.max(0, ...near.map(within));
}

/** The machine was too busy to take the target away, or bring it back, at one moment. */
export function vague({ from, to }: Planted): boolean {
  return Math.max(from.high - from.low, to.high - to.low) > momentMs;
}
