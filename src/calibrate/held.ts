import type { Sample } from '../history.ts';
import { outagesOf, type Outage } from '../judge/outage.ts';

/** An outage that was made on purpose. Its ends are spans (ms): between the two readings the target changed. */
export interface Planted { readonly mode: string; readonly from: Span; readonly to: Span }
export interface Span { readonly low: number; readonly high: number }

/** How the instrument looked, and how long a target takes to answer at most (ms); `zeroMs`: what the target's clock showed at the instrument's zero, 0 unless given. */
export interface Instrument { readonly everyMs: number; readonly timeoutMs: number; readonly stableMs: number; readonly answerMs: number; readonly zeroMs?: number }

/** One planted outage beside what was measured of it. `misses`: in what ways the truth lies outside what was said; empty when it holds. `biasMs`, `widthMs`: null where nothing was measured. `odd`: nothing was planted, and something was measured. */
export interface Case { readonly planted: Planted; readonly odd?: true; readonly misses: readonly string[]; readonly biasMs: number | null; readonly widthMs: number | null }

/** The word by which a target says, as whom it served, when a request reached it (ms). */
export const arrived = (ms: number): string => `arrived ${ms}`;

/**
 * Holds measured outages against planted ones. A truth must lie within its bounds, the bounds must be no wider than looks of that interval and timeout can
 * leave open, every planted outage is measured exactly once, nothing else is, and every look that was answered was on its way when the target got it.
 */
export function holdAgainst(planted: readonly Planted[], samples: readonly Sample<'http'>[], instrument: Instrument): Case[] {
  const measured = outagesOf(samples, instrument);
  const cases = planted.map((truth) => hold(truth, measured.filter((outage) => touches(outage, truth, instrument)), instrument));
  const mode = planted[0]?.mode ?? '';
  const strays = measured.filter((outage) => !planted.some((truth) => touches(outage, truth, instrument)));
  const unstamped = samples.filter((sample) => !stampHolds(sample, instrument.zeroMs ?? 0));
  const [first, last] = [unstamped[0], unstamped.at(-1)];
  return [
    ...cases,
    ...strays.map((stray) => odd(mode, stray.from, stray.to ?? stray.from, `an outage that was not planted: ${Object.keys(stray.errors).join(', ')}, ${stray.n} looks from ${stray.from.toFixed(0)} on`)),
    ...(first && last ? [odd(mode, first.started, last.ended, `${unstamped.length} looks that were not on their way when they arrived`)] : []),
  ];
}

function odd(mode: string, from: number, to: number, miss: string): Case {
  return { planted: { mode, from: { low: from, high: from }, to: { low: to, high: to } }, odd: true, misses: [miss], biasMs: null, widthMs: null };
}

/** The widest bounds an open loop can leave: the last good look may be one interval and one timeout from the end of the first bad one, and so at the other end. */
export function widestMs({ everyMs, timeoutMs, answerMs }: Instrument): number {
  return 2 * (everyMs + timeoutMs) + 2 * answerMs;
}

function hold(planted: Planted, found: readonly Outage[], instrument: Instrument): Case {
  const [outage] = found;
  if (outage === undefined || found.length > 1) return { planted, misses: [outage ? `measured as ${found.length} outages` : 'not measured at all'], biasMs: null, widthMs: null };
  const least = planted.to.low - planted.from.high;
  const most = planted.to.high - planted.from.low;
  const misses: string[] = [];
  if (outage.high === null) misses.push('no upper bound');
  if (outage.high !== null && outage.high < least) misses.push('longer than the upper bound');
  if (outage.low > most) misses.push('shorter than the lower bound');
  const width = outage.high === null ? null : outage.high - outage.low;
  if (width !== null && width > widestMs(instrument)) misses.push('bounds wider than the looks leave open');
  return { planted, misses, biasMs: outage.point - (least + most) / 2, widthMs: width };
}

function touches(outage: Outage, { from, to }: Planted, { everyMs, timeoutMs }: Instrument): boolean {
  const slack = everyMs + timeoutMs;
  return outage.from <= to.high + slack && (outage.to ?? Number.POSITIVE_INFINITY) >= from.low - slack;
}

function stampHolds({ data, started, ended }: Sample<'http'>, zeroMs: number): boolean {
  const [, at] = /^arrived ([\d.]+)$/.exec(data?.servedBy ?? '') ?? [];
  return at === undefined || (started <= Number(at) - zeroMs && Number(at) - zeroMs <= ended);
}
