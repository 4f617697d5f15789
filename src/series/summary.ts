import type { Measure } from '../check.ts';
import { measureIn, type Outcome } from '../outcome.ts';
import { rateBounds, spreadOf, type Seen } from '../statistics.ts';

/** A measure over the runs of a series that count. `worst`: the largest of n, which is no percentile. `p95`: null below 20 runs, where it would be the maximum under another name (semantics.md, decision 7). */
export interface SeriesRow {
  readonly name: string;
  readonly unit: Measure['unit'];
  /** Runs that measured it, of `of` that count. */
  readonly n: number;
  readonly of: number;
  readonly censored: number;
  readonly median: Seen | null;
  readonly min: Seen | null;
  readonly worst: Seen | null;
  readonly p95: number | null;
}

/** Loss as a yes or no of each run: how many lost an acknowledged write, and the bounds of the rate behind that, 95 %. */
export interface LossRate { readonly lossy: number; readonly n: number; readonly low: number; readonly high: number }

/** What a series says, run by run and measure by measure. */
export interface Summary {
  readonly schema: 1;
  readonly runs: number;
  readonly valid: number;
  /** The runs that do not count, each with its reason. */
  readonly invalid: readonly { readonly id: string; readonly reason: string }[];
  readonly rows: readonly SeriesRow[];
  readonly loss: LossRate | null;
}

/** Sums a series up, from the outcomes of its finished runs. */
export function summarise(outcomes: readonly Outcome[]): Summary {
  const valid = outcomes.filter(({ invalid }) => invalid === null);
  const names = [...new Set(outcomes.flatMap(({ measures }) => measures.map(({ name }) => name)))];
  return {
    schema: 1, runs: outcomes.length, valid: valid.length,
    invalid: outcomes.flatMap(({ id, invalid }) => (invalid === null ? [] : [{ id, reason: invalid }])),
    rows: names.map((name) => rowOf(name, outcomes, valid)),
    loss: lossOf(valid),
  };
}

/** What the runs saw of a measure, without those that could not measure it. */
export function seenOf(outcomes: readonly Outcome[], name: string): Seen[] {
  return outcomes.flatMap((outcome) => {
    const measure = measureIn(outcome, name);
    return measure && measure.value !== null ? [{ value: measure.value, censored: measure.censored }] : [];
  });
}

/** The loss rate of the runs that know it; null where none does. */
export function lossOf(outcomes: readonly Outcome[]): LossRate | null {
  const seen = seenOf(outcomes, 'loss.lost');
  const lossy = seen.filter(({ value }) => value > 0).length;
  return seen.length === 0 ? null : { lossy, n: seen.length, ...rateBounds(lossy, seen.length) };
}

function rowOf(name: string, all: readonly Outcome[], valid: readonly Outcome[]): SeriesRow {
  const seen = seenOf(valid, name);
  const spread = spreadOf(seen);
  const unit = all.flatMap((outcome) => measureIn(outcome, name) ?? [])[0]?.unit ?? 'count';
  const sorted = seen.map(({ value }) => value).sort((a, b) => a - b);
  const censored = seen.filter((one) => one.censored).length;
  return {
    name, unit, n: seen.length, of: valid.length, censored, median: spread?.median ?? null, min: spread?.min ?? null, worst: spread?.max ?? null,
    p95: seen.length >= 20 && censored === 0 ? sorted[Math.ceil(0.95 * sorted.length) - 1] ?? null : null,
  };
}
