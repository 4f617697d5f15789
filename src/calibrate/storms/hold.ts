import type { Ruling } from '../../check.ts';

/** What is said of a measure. */
export interface Said { readonly value: number | null; readonly low: number | null; readonly high: number | null }

/** The most of the ascending moments (ms) within [from, to] that lie in one stretch of `lengthMs`. */
export function mostIn(moments: readonly number[], from: number, to: number, lengthMs: number): number {
  const within = moments.filter((at) => at >= from && at <= to);
  let [most, first] = [0, 0];
  within.forEach((at, last) => {
    while ((within[first] as number) < at - lengthMs) first += 1;
    most = Math.max(most, last - first + 1);
  });
  return most;
}

/** The highest rate over a second or longer, of moments (ms) in ascending order. */
export function mostRate(moments: readonly number[]): number {
  let most = 0;
  moments.forEach((from, first) => { for (let last = first; last < moments.length; last += 1) most = Math.max(most, ((last - first + 1) * 1_000) / Math.max(1_000, (moments[last] as number) - from)); });
  return most;
}

/** In what way a truth is not what is said: the low bound lies over `rate`, the high one under `inOne`, the value outside of both, or the bounds are wider than they may be. */
export function notWithin(what: string, rate: number, inOne: number, { value, low, high }: Said, widest: { readonly least: number; readonly most: number }): string[] {
  const said = `${what}: ${rate.toFixed(2)} to ${inOne.toFixed(2)}, and ${value} was said (${low}-${high})`;
  if (value === null || low === null || high === null) return [said];
  // Measures are said to a tenth of a connection.
  if (low > rate + 0.1 || high < inOne - 0.1 || value < low || value > high) return [said];
  return low < widest.least || high > widest.most ? [`${said}, which is wider than looks leave open (${widest.least.toFixed(2)}-${widest.most.toFixed(2)})`] : [];
}

/** Objectives below, between and above the bounds of what is said: a miss, no word, and met only where there is an upper bound. */
export function ruledWrongly(objective: 'maxPeak' | 'maxRefused', { low, high }: Said, random: () => number, rule: (objective: Readonly<Record<string, number>>) => Ruling | 'measured'): string[] {
  if (low === null) return [];
  const whole = objective === 'maxRefused' ? Math.floor : (value: number) => value;
  const cases: readonly (readonly [limit: number, Ruling])[] = [
    [whole(low - 1), 'fail'], [(high ?? low) + 1, high === null ? 'inconclusive' : 'pass'],
    ...(high !== null && high - low > 2 ? [[whole(low + 1 + (high - low - 2) * random()), 'inconclusive'] as const] : []),
  ];
  return cases.flatMap(([limit, ruling]) => {
    if (limit < 0 || (limit === 0 && objective === 'maxPeak')) return [];
    const said = rule({ [objective]: limit });
    return said === ruling ? [] : [`${objective} ${limit} with ${low}-${high}, and ruled ${said}`];
  });
}
