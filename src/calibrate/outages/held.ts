import type { Sample } from '../../history.ts';
import { holeMs } from '../../judge/looks.ts';
import { hiddenMs, outagesOf, type Outage } from '../../judge/outage.ts';
import { invented } from '../miss.ts';

/** An outage that was made on purpose. Its ends are spans (ms): between the two readings the target changed. */
export interface Planted { readonly mode: string; readonly from: Span; readonly to: Span }
export interface Span { readonly low: number; readonly high: number }

/** How the instrument looked (ms); `zeroMs`: what the target's clock showed at the instrument's zero, 0 unless given. `lingering`: looks that knock while it is out wait, and are answered when it is back. */
export interface Instrument { readonly everyMs: number; readonly timeoutMs: number; readonly stableMs: number; readonly zeroMs?: number; readonly lingering?: boolean }

/**
 * What must be found of what was planted: all of it; all of it, or, where no look failed, that it could hide between two of them, which no more than an interval and
 * a timeout can; or nothing, for answers that are slow and still in time are no outage.
 */
export type Expected = 'found' | 'found or hidden' | 'nothing';

/**
 * One planted outage beside what was measured of it. `misses`: in what ways the truth lies outside what was said; empty when it holds. `biasMs`, `widthMs`: null
 * where nothing was measured; `mostBiasMs`, `mostWidthMs`: what theory allows them with these looks; `chanceMs`: by how much
 * the phase of the looks moves the point (a standard deviation). `odd`: nothing was planted, and something was measured.
 */
export interface Case { readonly planted: Planted; readonly odd?: true; readonly misses: readonly string[]; readonly biasMs: number | null; readonly widthMs: number | null; readonly mostBiasMs: number; readonly chanceMs: number; readonly mostWidthMs: number }

/** The word by which a target says, as whom it served, when a request reached it (ms). */
export const arrived = (ms: number): string => `arrived ${ms}`;

/**
 * Holds measured outages against planted ones. A truth must lie within its bounds, the bounds must be no wider than looks of that interval and timeout can
 * leave open, every planted outage is measured exactly once, nothing else is, and every look that was answered was on its way when the target got it.
 */
export function holdAgainst(planted: readonly Planted[], samples: readonly Sample<'http'>[], instrument: Instrument, expected: Expected = 'found'): Case[] {
  const measured = outagesOf(samples, instrument);
  const cases = planted.map((truth) => {
    const found = measured.filter((outage) => touches(outage, truth, instrument));
    const near = samples.filter(({ started, ended }) => ended > truth.from.low - margin(instrument) && started < truth.to.high + margin(instrument));
    return holdAs(expected, truth, found, near, instrument);
  });
  const mode = planted[0]?.mode ?? '';
  const strays = measured.filter((outage) => !planted.some((truth) => touches(outage, truth, instrument)));
  const unstamped = samples.filter((sample) => !stampHolds(sample, instrument.zeroMs ?? 0));
  const [first, last] = [unstamped[0], unstamped.at(-1)];
  return [
    ...cases,
    ...strays.map((stray) => odd(mode, stray.from, stray.to ?? stray.from, invented(`an outage: ${Object.keys(stray.errors).join(', ')}, ${stray.n} looks from ${stray.from.toFixed(0)} on`))),
    ...(first && last ? [odd(mode, first.started, last.ended, `${unstamped.length} looks that were not on their way when they arrived`)] : []),
  ];
}

function odd(mode: string, from: number, to: number, miss: string): Case {
  return { planted: { mode, from: { low: from, high: from }, to: { low: to, high: to } }, odd: true, misses: [miss], biasMs: null, widthMs: null, mostBiasMs: 0, chanceMs: 0, mostWidthMs: 0 };
}

/**
 * The widest bounds an open loop can leave (ms): high - low = (O1.ended - FN.started) + (F0.ended - L0.started); neighbouring looks begin one interval apart, and
 * each ends within one timeout. What looks began or ended late by their own record comes on top, and by how much the first of two began early: a timer may come a
 * fraction of a millisecond too soon.
 */
export function widestMs({ everyMs, timeoutMs }: Instrument, near: readonly Sample[]): number {
  const late = near.reduce((most, { scheduled, started }) => Math.max(most, started - scheduled), 0);
  const early = near.reduce((most, { scheduled, started }) => Math.max(most, scheduled - started), 0);
  const overrun = near.reduce((most, { started, ended }) => Math.max(most, ended - started - timeoutMs), 0);
  return 2 * (everyMs + timeoutMs) + 2 * (late + early + overrun);
}

/**
 * What more the bounds may leave open (ms) where for some time in the middle nobody looked: it may have been back for good then, so no more is sure than the longest
 * part of the outage between two such times.
 */
function unlookedMs({ everyMs, stableMs }: Instrument, near: readonly Sample[]): number {
  const parts: { from: number; to: number }[] = [];
  let unseen = true;
  for (const [index, { ok, started }] of near.entries()) {
    unseen ||= started - (near[index - 1]?.started ?? started) > Math.max(holeMs(everyMs), stableMs);
    if (ok) continue;
    if (unseen) parts.push({ from: started, to: started });
    (parts.at(-1) as typeof parts[number]).to = started;
    unseen = false;
  }
  return parts.length === 0 ? 0 : (parts.at(-1)?.to ?? 0) - (parts[0]?.from ?? 0) - Math.max(...parts.map(({ from, to }) => to - from));
}

/** How far off the point value may be on average (ms): half an interval, and where looks linger until it is back a timeout, if that is more. */
export function mostBiasMs({ everyMs, timeoutMs, lingering }: Instrument): number {
  return lingering ? Math.max(everyMs / 2, timeoutMs) : everyMs / 2;
}

/** The standard deviation of the point value (ms): both its ends fall evenly within an interval, apart from each other, so what is off is spread as a triangle of that half width. */
function chanceMs({ everyMs }: Instrument): number {
  return everyMs / Math.sqrt(6);
}

function holdAs(expected: Expected, planted: Planted, found: readonly Outage[], near: readonly Sample[], instrument: Instrument): Case {
  const nothing = { planted, biasMs: null, widthMs: null, mostBiasMs: mostBiasMs(instrument), chanceMs: chanceMs(instrument), mostWidthMs: widestMs(instrument, near) + unlookedMs(instrument, near) };
  if (expected === 'nothing') return { ...nothing, misses: found.map(({ n }) => invented(`${n} looks called bad while all were answered in time`)) };
  if (expected === 'found or hidden' && found.length === 0) {
    const least = planted.to.low - planted.from.high;
    const hidden = hiddenMs(near, instrument) ?? 0;
    const misses: string[] = [];
    if (near.some(({ ok }) => !ok)) misses.push('not measured, though looks failed');
    if (hidden < least) misses.push('not measured, and too long to have hidden between two good looks');
    if (hidden > widestMs(instrument, near) / 2) misses.push('said to hide for longer than two looks are apart');
    return { ...nothing, misses };
  }
  return hold(planted, found, nothing);
}

function hold(planted: Planted, found: readonly Outage[], nothing: Case | Omit<Case, 'misses'>): Case {
  const [outage] = found;
  if (outage === undefined || found.length > 1) return { ...nothing, misses: [outage ? `measured as ${found.length} outages` : 'not measured at all'] };
  const least = planted.to.low - planted.from.high;
  const most = planted.to.high - planted.from.low;
  const misses: string[] = [];
  if (outage.high === null) misses.push('no upper bound');
  if (outage.high !== null && outage.high < least) misses.push('longer than the upper bound');
  if (outage.low > most) misses.push('shorter than the lower bound');
  if (outage.point < outage.low || outage.point > (outage.high ?? Number.POSITIVE_INFINITY)) misses.push('the point lies outside its own bounds');
  const width = outage.high === null ? null : outage.high - outage.low;
  if (width !== null && width > nothing.mostWidthMs) misses.push('bounds wider than the looks leave open');
  return { ...nothing, misses, biasMs: outage.point - (least + most) / 2, widthMs: width };
}

function margin({ everyMs, timeoutMs }: Instrument): number {
  return everyMs + timeoutMs;
}

function touches(outage: Outage, { from, to }: Planted, instrument: Instrument): boolean {
  return outage.from <= to.high + margin(instrument) && (outage.to ?? Number.POSITIVE_INFINITY) >= from.low - margin(instrument);
}

function stampHolds({ data, started, ended }: Sample<'http'>, zeroMs: number): boolean {
  const [, at] = /^arrived ([\d.]+)$/.exec(data?.servedBy ?? '') ?? [];
  return at === undefined || (started <= Number(at) - zeroMs && Number(at) - zeroMs <= ended);
}
