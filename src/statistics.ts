import { dhyper, pnorm, pt, qbeta, qwilcox } from 'lib-r-math.js';

/** A number that was seen, or of which only the least is known (`censored`: the true one is at least this). */
export interface Seen { readonly value: number; readonly censored: boolean }

/** Beyond this many runs in both groups together the normal approximation stands for the exact distribution. */
const exactUpTo = 60;

/** -1, 1 or 0: less, greater, or equal or nobody knows: 12 against "at least 10" is undecided, 12 against "at least 12" is less. Gehan's rule (Gehan 1965, Biometrika 52). */
function order(a: Seen, b: Seen): -1 | 0 | 1 {
  if (a.censored && b.censored) return 0;
  if (a.censored) return a.value >= b.value ? 1 : 0;
  if (b.censored) return b.value >= a.value ? -1 : 0;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

/**
 * Two-sided p-value of the Mann-Whitney test (Wilcoxon rank-sum), generalised to censored values by Gehan's scores, which without any are the ranks but for a shift.
 * Exact up to 60 runs, ties and all, by the permutation distribution of the score sum (shift algorithm: Streitberg and Roehmel 1986); above that its normal approximation with Mantel's permutation variance (1967). 1 where a group is empty.
 */
export function rankTest(a: readonly Seen[], b: readonly Seen[]): number {
  const all = [...a, ...b];
  if (a.length === 0 || b.length === 0) return 1;
  const scores = all.map((one) => all.reduce((sum, other) => sum + order(one, other), 0));
  const observed = Math.abs(scores.slice(0, a.length).reduce((sum, score) => sum + score, 0));
  if (all.length > exactUpTo) {
    const variance = (a.length * b.length * scores.reduce((sum, score) => sum + score ** 2, 0)) / (all.length * (all.length - 1));
    return variance === 0 ? 1 : Math.min(1, 2 * pnorm(-observed / Math.sqrt(variance)));
  }
  const ways = sumsOf(scores, a.length);
  let extreme = 0;
  let total = 0;
  for (const [sum, count] of ways) {
    total += count;
    if (Math.abs(sum) >= observed) extreme += count;
  }
  return extreme / total;
}

/** How much larger `b` is, from -1 (every run smaller) to 1 (every run larger): the share of pairs decided for it less the share against it (Cliff 1993). 0 where a group is empty. */
export function leaningOf(a: readonly Seen[], b: readonly Seen[]): number {
  const pairs = b.flatMap((to) => a.map((from) => order(to, from)));
  return pairs.length === 0 ? 0 : pairs.reduce<number>((sum, one) => sum + one, 0) / pairs.length;
}

/** How many ways there are to choose `size` of the scores, by their sum. */
function sumsOf(scores: readonly number[], size: number): ReadonlyMap<number, number> {
  const bySize = Array.from({ length: size + 1 }, () => new Map<number, number>());
  bySize[0]?.set(0, 1);
  for (const score of scores) {
    for (let taken = size; taken >= 1; taken -= 1) {
      const into = bySize[taken] as Map<number, number>;
      for (const [sum, count] of bySize[taken - 1] as Map<number, number>) into.set(sum + score, (into.get(sum + score) ?? 0) + count);
    }
  }
  return bySize[size] as Map<number, number>;
}

/** Two-sided p-value of Fisher's exact test for `yesA` of `a` against `yesB` of `b`: the tables no likelier than the one seen, as R's fisher.test sums them. */
export function fisherTest(yesA: number, a: number, yesB: number, b: number): number {
  const yes = yesA + yesB;
  const likely = (one: number) => dhyper(one, yes, a + b - yes, a);
  const seen = likely(yesA);
  let sum = 0;
  for (let one = Math.max(0, yes - b); one <= Math.min(a, yes); one += 1) if (likely(one) <= seen * (1 + 1e-7)) sum += likely(one);
  return Math.min(1, sum);
}

/** P-values adjusted for having asked several questions at once (Holm 1979, step-down), in the order given. */
export function holm(values: readonly number[]): number[] {
  const adjusted = new Array<number>(values.length).fill(1);
  let most = 0;
  values.map((value, index) => ({ value, index })).sort((one, other) => one.value - other.value).forEach(({ value, index }, rank) => {
    most = Math.max(most, Math.min(1, value * (values.length - rank)));
    adjusted[index] = most;
  });
  return adjusted;
}

/** The exact bounds of a rate of which `yes` of `n` were seen (Clopper and Pearson 1934): 95 % two-sided, or one-sided where none or all were, so that 0 of n is about 3/n. */
export function rateBounds(yes: number, n: number): { readonly low: number; readonly high: number } {
  if (n === 0) return { low: 0, high: 1 };
  if (yes === 0) return { low: 0, high: qbeta(0.95, 1, n) };
  if (yes === n) return { low: qbeta(0.05, n, 1), high: 1 };
  return { low: qbeta(0.025, yes, n - yes + 1), high: qbeta(0.975, yes + 1, n - yes) };
}

/** Two-sided p-value of Welch's t test (1947) for equal means. Groups without any spread differ for certain, or not at all; 1 where one has fewer than two values. */
export function tTest(a: readonly number[], b: readonly number[]): number {
  if (a.length < 2 || b.length < 2) return 1;
  const [from, to] = [a, b].map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { mean, error: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) / values.length, df: values.length - 1 };
  }) as [Moments, Moments];
  const error = from.error + to.error;
  if (error === 0) return from.mean === to.mean ? 1 : 0;
  const df = error ** 2 / (from.error ** 2 / from.df + to.error ** 2 / to.df);
  return Math.min(1, 2 * pt(-Math.abs(from.mean - to.mean) / Math.sqrt(error), df));
}
interface Moments { readonly mean: number; readonly error: number; readonly df: number }

/** How much larger the values of `b` are: the median of all differences (Hodges and Lehmann 1963), with the exact interval that goes with the Mann-Whitney test at 95 % or a little more; bounds null where there are too few runs for one. Null without values. */
export function shiftOf(a: readonly number[], b: readonly number[]): { readonly value: number; readonly low: number | null; readonly high: number | null } | null {
  if (a.length === 0 || b.length === 0) return null;
  const differences = b.flatMap((to) => a.map((from) => to - from)).sort((one, other) => one - other);
  const cut = qwilcox(0.025, a.length, b.length);
  return { value: medianOf(differences) as number, low: cut < 1 ? null : differences[cut - 1] ?? null, high: cut < 1 ? null : differences[differences.length - cut] ?? null };
}

/** The median of numbers in any order; null of none. */
export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] as number : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Least, middle and most of what was seen. `censored` where one that was cut short could be what decides: the true figure is then at least `value`. Null of nothing. */
export function spreadOf(seen: readonly Seen[]): { readonly median: Seen; readonly min: Seen; readonly max: Seen } | null {
  if (seen.length === 0) return null;
  const figure = (of: (values: readonly number[]) => number): Seen => {
    const least = of(seen.map(({ value }) => value));
    return { value: least, censored: least !== of(seen.map(({ value, censored }) => (censored ? Number.POSITIVE_INFINITY : value))) };
  };
  return { median: figure((values) => medianOf(values) as number), min: figure((values) => Math.min(...values)), max: figure((values) => Math.max(...values)) };
}
