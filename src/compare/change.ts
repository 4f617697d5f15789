import type { Measure } from '../check.ts';
import { measureIn, type Outcome } from '../outcome.ts';
import { lossOf, seenOf } from '../series/summary.ts';
import { fisherTest, leaningOf, medianOf, rankTest, shiftOf, spreadOf, type Seen } from '../statistics.ts';

/** Below this many runs on either side nothing is called a change: 5 against 5 can reach p = 0.008, 3 against 3 no better than 0.10 (semantics.md 5.4). */
export const leastRuns = 5;

/** What one side saw of a measure, over the runs that count. */
export interface Figures { readonly n: number; readonly of: number; readonly censored: number; readonly median: Seen | null; readonly min: Seen | null; readonly worst: Seen | null; readonly values: readonly Seen[] }

export type Outlook = 'worse' | 'better' | 'changed' | 'no change shown' | 'not enough runs' | 'not measured' | 'redefined';

/** A measure on both sides, and what may be said of its change. `p`: two-sided, not corrected; null where nothing was tested. */
export interface Change {
  readonly measure: string;
  readonly unit: Measure['unit'];
  readonly a: Figures;
  readonly b: Figures;
  /** Median of B less median of A; null where one is missing or cut short. */
  readonly delta: number | null;
  /** From -1, every run of B smaller, to 1, every run larger (Cliff's delta). */
  readonly leaning: number;
  /** The Hodges-Lehmann shift with its 95 % interval; null with values cut short. */
  readonly shift: { readonly value: number; readonly low: number | null; readonly high: number | null } | null;
  /** No change up to this could be seen at all. */
  readonly resolution: number;
  /** No change up to this matters. */
  readonly margin: number;
  readonly test: string | null;
  readonly p: number | null;
  /** Whether the change is larger than resolution and margin. */
  readonly large: boolean;
}

/** Sets a measure of both sides beside one another. */
export function changeOf(name: string, a: readonly Outcome[], b: readonly Outcome[], marginPct: number): Change {
  const [from, to] = [figuresOf(name, a), figuresOf(name, b)];
  const all = [...a, ...b].flatMap((outcome) => measureIn(outcome, name) ?? []);
  const unit = all[0]?.unit ?? 'count';
  const resolution = Math.max(resolutionOf(name, a), resolutionOf(name, b));
  const margin = Math.abs(from.median?.value ?? 0) * (marginPct / 100);
  const enough = Math.min(from.n, to.n) >= leastRuns;
  const loss = name === 'loss.lost' ? lossTest(a, b) : null;
  return {
    measure: name, unit, a: from, b: to, resolution, margin,
    delta: from.median && to.median && !from.median.censored && !to.median.censored ? tidy(to.median.value - from.median.value) : null,
    leaning: leaningOf(from.values, to.values),
    shift: from.censored + to.censored > 0 ? null : shiftOf(from.values.map(({ value }) => value), to.values.map(({ value }) => value)),
    test: enough ? loss?.test ?? 'Mann-Whitney' : null,
    p: enough ? loss?.p ?? rankTest(from.values, to.values) : null,
    large: loss?.large ?? apartBy(from.median, to.median) > Math.max(resolution, margin),
  };
}

/** Which way it went: less is better of everything but shares of good answers; of acknowledged writes neither. */
export function directionOf({ measure, leaning }: Change): 'worse' | 'better' | 'changed' {
  if (/^loss\.(acked|indeterminate|recovered|unresolved)$|^dns\.violators$/.test(measure)) return 'changed';
  const [more, fewer] = /\.ok$/.test(measure) ? ['better', 'worse'] as const : ['worse', 'better'] as const;
  return leaning > 0 ? more : fewer;
}

// Differences of numbers that were rounded to the millisecond: what is beyond that is arithmetic's.
function tidy(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** How far apart two middles are at least: one that was cut short may be any larger. */
function apartBy(a: Seen | null, b: Seen | null): number {
  if (!a || !b || (a.censored && b.censored)) return 0;
  if (a.censored || b.censored) return Math.max(0, a.censored ? a.value - b.value : b.value - a.value);
  return Math.abs(a.value - b.value);
}

function figuresOf(name: string, outcomes: readonly Outcome[]): Figures {
  const values = seenOf(outcomes, name);
  const spread = spreadOf(values);
  return { n: values.length, of: outcomes.length, censored: values.filter(({ censored }) => censored).length, median: spread?.median ?? null, min: spread?.min ?? null, worst: spread?.max ?? null, values };
}

/** What one run can tell: the width of its bounds, in the middle of the runs, and never less than the client's interval (seconds) or one (things). */
function resolutionOf(name: string, outcomes: readonly Outcome[]): number {
  const measures = outcomes.flatMap((outcome) => measureIn(outcome, name) ?? []);
  const widths = measures.flatMap(({ low, high }) => (low === null || high === null ? [] : [high - low]));
  const unit = measures[0]?.unit;
  const step = unit === 's' ? Math.max(0, ...outcomes.map(({ everyMs }) => everyMs)) / 1_000 : unit === '%' ? 0 : 1;
  return Math.max(step, medianOf(widths) ?? 0);
}

/** Loss is a yes or no of a run, and Fisher's question; only where every run of both sides lost something is it how much. */
function lossTest(a: readonly Outcome[], b: readonly Outcome[]): { readonly test: string; readonly p: number; readonly large: boolean } | null {
  const [from, to] = [lossOf(a), lossOf(b)];
  if (!from || !to || (from.lossy === from.n && to.lossy === to.n)) return null;
  return { test: "Fisher's exact", p: fisherTest(from.lossy, from.n, to.lossy, to.n), large: from.lossy / from.n !== to.lossy / to.n };
}
