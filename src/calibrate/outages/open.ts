import type { Sample } from '../../history.ts';
import { longestOf, outagesOf } from '../../judge/outage.ts';
import { widestMs, type Case, type Instrument, type Planted } from './held.ts';

/**
 * Holds what was measured against one outage of which an end lies outside of what was observed, [0, untilMs) of it: it is measured once, without an upper bound, as
 * one that was cut off, and its least length is what was observed of it, less what looks of that interval and timeout can leave open.
 */
export function holdOpen(planted: Planted, samples: readonly Sample<'http'>[], instrument: Instrument, untilMs: number): Case {
  const seeing = { ...instrument, until: untilMs };
  const [outage, ...more] = outagesOf(samples, seeing);
  const longest = longestOf(samples, seeing);
  const observed = Math.min(planted.to.high, untilMs) - Math.max(planted.from.low, 0);
  const misses: string[] = [];
  const held = (holds: boolean, miss: string): void => { if (!holds) misses.push(miss); };
  held(outage !== undefined, 'not measured at all');
  held(more.length === 0, `measured as ${1 + more.length} outages`);
  for (const { low, high, censored } of outage ? [outage, longest] : [longest]) {
    held(high === null, 'an upper bound of what nobody saw whole');
    held(censored, 'not said to be cut off');
    held(low <= observed, 'a least length beyond what was observed');
    held(low >= observed - widestMs(instrument, samples), 'a least length far below what was observed');
  }
  if (outage) held((outage.to === null) === planted.to.high > untilMs, 'its end is not told as it was');
  return { planted, misses, biasMs: null, widthMs: null, mostBiasMs: 0, chanceMs: 0, mostWidthMs: 0 };
}

/**
 * Holds what was measured against two outages between which nobody looked, for a time in which it was back for longer than counts: whether it had been back is not
 * known, so no more may be said to be sure than the longer of the two, and no less than what looks of that interval and timeout can leave open of it. `unseenMs`: so
 * much of each was not looked at either.
 */
export function holdUnseen(planted: readonly [Planted, Planted], unseenMs: number, samples: readonly Sample<'http'>[], instrument: Instrument): Case {
  const lengths = planted.map(({ from, to }) => to.high - from.low);
  const { low, high } = longestOf(samples, instrument);
  const misses: string[] = [];
  if (low > Math.max(...lengths)) misses.push('a least length over a time in which nobody looked');
  if (low < Math.max(...lengths) - unseenMs - widestMs(instrument, samples)) misses.push('a least length far below what was observed');
  if (high !== null && high < Math.max(...lengths)) misses.push('longer than the upper bound');
  return { planted: { mode: planted[0].mode, from: planted[0].from, to: planted[1].to }, misses, biasMs: null, widthMs: null, mostBiasMs: 0, chanceMs: 0, mostWidthMs: 0 };
}
