/** What one checker holds of one endpoint: its opinion, and how many results in a row contradict it. */
export interface Opinion { healthy: boolean; against: number }

/** Takes one result in: the opinion turns after `threshold` contrary results in a row. True when it turned. */
export function take(opinion: Opinion, good: boolean, threshold: number): boolean {
  if (good === opinion.healthy) { opinion.against = 0; return false; }
  opinion.against += 1;
  if (opinion.against < threshold) return false;
  opinion.healthy = good;
  opinion.against = 0;
  return true;
}

/** Healthy while more than `quorumPct` of the checkers say so (Route 53: 18 %). */
export function isHealthy(opinions: readonly Opinion[], quorumPct: number): boolean {
  return healthyOnes(opinions) * 100 > quorumPct * opinions.length;
}

/** How many checkers say healthy. */
export function healthyOnes(opinions: readonly Opinion[]): number {
  return opinions.reduce((sum, opinion) => sum + (opinion.healthy ? 1 : 0), 0);
}

/** Which of several records one answer gives: by weight, for a `random` in [0, 1); the first where all weigh nothing. */
export function pick(weights: readonly number[], random: number): number {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  let below = 0;
  const found = weights.findIndex((weight) => (below += weight) > random * sum);
  return Math.max(0, found);
}

/** Which records are answered by weight: the healthy ones, and all where none is. */
export function share<R extends { readonly healthy: boolean; readonly weight: number }>(records: readonly R[]): readonly R[] {
  const weighted = records.filter(({ weight }) => weight > 0);
  const healthy = weighted.filter((record) => record.healthy);
  return healthy.length > 0 ? healthy : weighted;
}

/** Which record is answered: PRIMARY while it is healthy and not held back, else a healthy SECONDARY, else PRIMARY. */
export function choose(primary: { readonly healthy: boolean; readonly held: boolean }, secondary: { readonly healthy: boolean }): 'primary' | 'secondary' {
  return (primary.healthy && !primary.held) || !secondary.healthy ? 'primary' : 'secondary';
}
