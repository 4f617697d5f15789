import { tTest } from '../statistics.ts';

/** Where a line of numbers changed its level: the index of the first number of the new one, and both means. */
export interface ChangePoint { readonly index: number; readonly before: number; readonly after: number; readonly p: number }

/** How sure a split must be, and how few numbers may stand on a side of it. */
export interface Strictness { readonly p: number; readonly least: number }

/** As strict as Hunter is by default: p below 0.001; and no split that leaves fewer than four nights alone. */
export const strict: Strictness = { p: 0.001, least: 4 };

/**
 * Change points by E-divisive (Matteson and James 2014, JASA 109: the split with the largest energy distance, then the same on either side of it),
 * each split judged by a t test in place of random permutations, as Hunter does (Fleming et al., ICPE 2023; Apache Otava): the same numbers give the same answer.
 */
export function changePoints(values: readonly number[], strictness: Strictness = strict): ChangePoint[] {
  return split(values, 0, strictness).sort((a, b) => a.index - b.index).map((point, order, all) => {
    const from = all[order - 1]?.index ?? 0;
    const to = all[order + 1]?.index ?? values.length;
    return { index: point.index, p: point.p, before: meanOf(values.slice(from, point.index)), after: meanOf(values.slice(point.index, to)) };
  });
}

function split(values: readonly number[], offset: number, strictness: Strictness): { readonly index: number; readonly p: number }[] {
  let best = { at: -1, distance: 0 };
  for (let at = strictness.least; at <= values.length - strictness.least; at += 1) {
    const distance = energyDistance(values.slice(0, at), values.slice(at));
    if (distance > best.distance) best = { at, distance };
  }
  if (best.at < 0) return [];
  const [left, right] = [values.slice(0, best.at), values.slice(best.at)];
  const p = tTest(left, right);
  if (p >= strictness.p) return [];
  return [...split(left, offset, strictness), { index: offset + best.at, p }, ...split(right, offset + best.at, strictness)];
}

/** The scaled sample energy distance of two groups, exponent 1 (Matteson and James 2014, equation 5 ff.). */
function energyDistance(a: readonly number[], b: readonly number[]): number {
  const across = a.reduce((sum, one) => sum + b.reduce((inner, other) => inner + Math.abs(one - other), 0), 0);
  const between = (2 / (a.length * b.length)) * across - within(a) - within(b);
  return ((a.length * b.length) / (a.length + b.length)) * between;
}

function within(values: readonly number[]): number {
  if (values.length < 2) return 0;
  let sum = 0;
  values.forEach((one, index) => { for (const other of values.slice(index + 1)) sum += Math.abs(one - other); });
  return (2 / (values.length * (values.length - 1))) * sum;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
