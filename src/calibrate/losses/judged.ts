import type { Finding } from '../../check.ts';

/** What a check says of a history. */
export type Judged = Omit<Finding, 'check' | 'kind'>;

/** A value and the bounds it is said to lie in; `high` null: no upper bound was seen. */
export interface Said { readonly value: number | null; readonly low: number | null; readonly high: number | null }

/** Measures are said to the millisecond; two such roundings lie at most so far from what was rounded (s). */
const roundedS = 0.001;

/** One measure of a finding. */
export function measureOf(finding: Judged, name: string): Said {
  const measure = finding.measures.find((one) => one.name === name);
  if (!measure) throw new Error(`the check gives no measure ${name}`);
  return measure;
}

/** In what ways bounds do not hold a truth, or their own value, or are wider than `most` (null: as wide as they like). All in the same unit. */
export function outside(what: string, truth: number, { value, low, high }: Said, most: number | null, rounded: number = roundedS): string[] {
  if (value === null || low === null) return [`${what}, and nothing was said`];
  const top = high ?? Number.POSITIVE_INFINITY;
  return [
    ...(low - rounded <= truth && truth <= top + rounded ? [] : [`${what} is not within ${low}-${high}`]), ...(low <= value && value <= top ? [] : [`${what}: ${value} is said to be within ${low}-${high}`]),
    ...(most === null || top - low <= most + 2 * rounded ? [] : [`${what}: ${low}-${high} is wider than the ${most} that it leaves open`]),
  ];
}
