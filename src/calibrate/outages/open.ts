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
