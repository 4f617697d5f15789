import type { Measure, Ruling } from '../check.ts';

/** A moment in ms since the start of the run: most likely `at`, certainly within [low, high]. */
export interface Moment { readonly at: number; readonly low: number; readonly high: number }

/** A length in ms with its bounds; `high` null: no upper bound was seen. */
export interface Length { readonly value: number; readonly low: number; readonly high: number | null }

/** The length from one moment to a later one, never negative: its least is from the latest start to the earliest end. */
export function between(from: Moment, to: Moment): Length {
  const positive = (ms: number) => Math.max(0, ms);
  return { value: positive(to.at - from.at), low: positive(to.low - from.high), high: positive(to.high - from.low) };
}

/** Milliseconds as seconds, to the millisecond. */
export function seconds(ms: number): number {
  return Math.round(ms) / 1_000;
}

/** A measured duration, in seconds. `censored`: the true value is at least this. */
export function lasting(name: string, length: Length, n: number, censored = false): Measure {
  const high = length.high === null ? null : seconds(length.high);
  return { name, value: seconds(length.value), low: seconds(length.low), high, unit: 's', censored, n };
}

/** Something counted, with bounds where the count itself is not sure; `high` null: nobody knows how many more. */
export function counted(name: string, unit: Measure['unit'], value: number, n: number, low = value, high: number | null = value): Measure {
  return { name, value, low, high, unit, censored: false, n };
}

/** Something that could not be measured, and why: never a zero. */
export function missing(name: string, unit: Measure['unit'], reason: string, n = 0): Measure {
  return { name, value: null, low: null, high: null, unit, censored: false, n, reason };
}

/** How a measure stands to its greatest allowed value (same unit): met or missed only where the bounds leave no doubt. */
export function ruleBy(measure: Measure, max: number): Ruling {
  if (measure.value === null || measure.low === null) return 'inconclusive';
  if (measure.low > max) return 'fail';
  return !measure.censored && measure.high !== null && measure.high <= max ? 'pass' : 'inconclusive';
}

/** The heaviest of several rulings: fail, then inconclusive, then pass; pass where there are none. */
export function worstOf(rulings: readonly Ruling[]): Ruling {
  if (rulings.includes('fail')) return 'fail';
  return rulings.includes('inconclusive') ? 'inconclusive' : 'pass';
}

/** `12.0 s (11.8-12.0)`, `over 120.0 s`, `3 writes`; for what was not measured, the reason. */
export function sayMeasure(measure: Measure): string {
  if (measure.value === null) return `not measured: ${measure.reason ?? 'no reason was given'}`;
  const places = measure.unit === 's' ? placesFor(Math.max(measure.value, measure.high ?? 0)) : measure.unit === '%' ? 2 : 0;
  const say = (value: number) => value.toFixed(places);
  const unit = measure.unit === '%' ? ' %' : ` ${measure.value === 1 && measure.unit.endsWith('s') && measure.unit !== 's' ? measure.unit.slice(0, -1) : measure.unit}`;
  if (measure.censored) return `over ${say(measure.value)}${unit}`;
  if (measure.low === null || (say(measure.low) === say(measure.value) && measure.high !== null && say(measure.high) === say(measure.value))) return `${say(measure.value)}${unit}`;
  return `${say(measure.value)}${unit} (${say(measure.low)}-${measure.high === null ? '?' : say(measure.high)})`;
}

/** Milliseconds as a person writes them in a sentence: `12.0 s`, `0.25 s`, `0.020 s`. */
export function saySeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(placesFor(ms / 1_000))} s`;
}

/** The value below which `share` of the sorted numbers lie (nearest rank); undefined for none. */
export function quantile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

function placesFor(value: number): number {
  if (value >= 1 || value === 0) return 1;
  return value >= 0.1 ? 2 : 3;
}
