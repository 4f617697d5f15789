import type { Case } from './outages/held.ts';
import { tallyOf } from './miss.ts';

/**
 * One line of the calibration: what was planted how often, how often the truth was missed, how often something was found that nobody had planted, how far off and how wide the answer was on average, and how far off and
 * wide it may have been on average (ms; null where it is a count). `disturbed`: cases left out because the machine was too busy; `wanted`: how many are needed.
 */
export interface Row {
  readonly mode: string;
  readonly cases: number;
  readonly misses: number;
  readonly alarms: number;
  readonly biasMs: number | null;
  readonly mostBiasMs: number | null;
  readonly widthMs: number | null;
  readonly mostWidthMs: number | null;
  readonly disturbed?: number;
  readonly wanted?: number;
  /** Why nothing of it was planted. */
  readonly skipped?: string;
}

type Measured = Pick<Case, 'misses' | 'biasMs' | 'widthMs'> & Partial<Pick<Case, 'odd' | 'mostBiasMs' | 'mostWidthMs' | 'chanceMs'>>;

/**
 * How many standard errors a mean may lie beyond its own expectation by chance. Where looks hang, the expectation is the limit itself (a timeout), so two would
 * find a miss in every fortieth row of an honest instrument; four, in one of thirty thousand.
 */
export const mostErrors = 4;

/** Sums cases up; `say` hears of every miss. A mean error beyond what the looks allow is a miss of the whole row. */
export function rowOf(mode: string, cases: readonly Measured[], say: (line: string) => void): Row {
  for (const { misses } of cases) for (const miss of misses) say(`${mode}: ${miss}`);
  const planted = cases.filter(({ odd }) => !odd);
  const biases = planted.flatMap(({ biasMs }) => biasMs ?? []);
  const [biasMs, mostBiasMs] = [meanOf(biases), meanOf(planted.flatMap(({ mostBiasMs: most }) => most ?? []))];
  const beyond = biasMs !== null && mostBiasMs !== null && Math.abs(biasMs) > mostBiasMs + mostErrors * standardErrorOf(planted);
  if (beyond) say(`${mode}: the point is off by ${biasMs.toFixed(0)} ms on average, which is more than ${mostBiasMs.toFixed(0)} ms`);
  const tallies = cases.map(({ misses }) => tallyOf(misses));
  return {
    mode, cases: planted.length, misses: tallies.filter(({ misses }) => misses > 0).length + (beyond ? 1 : 0), alarms: tallies.filter(({ alarms }) => alarms > 0).length, biasMs, mostBiasMs: biasMs === null ? null : mostBiasMs,
    widthMs: meanOf(planted.flatMap(({ widthMs }) => widthMs ?? [])), mostWidthMs: biasMs === null ? null : meanOf(planted.flatMap(({ mostWidthMs }) => mostWidthMs ?? [])),
  };
}

/** A row of what was found in many cases at once, of which it is known how many truths there were. */
export function foundRow(mode: string, cases: number, misses: readonly string[], say: (line: string) => void): Row {
  for (const miss of misses) say(`${mode}: ${miss}`);
  return { mode, cases, ...tallyOf(misses), biasMs: null, mostBiasMs: null, widthMs: null, mostWidthMs: null };
}

/** A row of cases in which something is true or not, and nothing is measured. */
export function countRow(mode: string, cases: readonly { readonly misses: readonly string[] }[], say: (line: string) => void): Row {
  return rowOf(mode, cases.map(({ misses }) => ({ misses, biasMs: null, widthMs: null })), say);
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of the mean error, by what each case's own looks leave to chance: a few cases at like phases look more alike than they are, so their own spread is not asked. */
function standardErrorOf(cases: readonly Measured[]): number {
  const chances = cases.flatMap(({ biasMs, chanceMs }) => (biasMs === null ? [] : chanceMs ?? []));
  return chances.length === 0 ? 0 : Math.hypot(...chances) / chances.length;
}
