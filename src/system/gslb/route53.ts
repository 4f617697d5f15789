/** What one checker holds of one endpoint: its verdict, and how many results in a row have contradicted it. */
export interface Opinion { readonly healthy: boolean; readonly contrary: number }

/** The opinion every checker starts with. */
export const trusting: Opinion = { healthy: true, contrary: 0 };

/** The opinion after one more result: it turns after `threshold` contrary results in a row (Route 53: failure threshold, per checker, 1-10). */
export function weigh(opinion: Opinion, ok: boolean, threshold: number): Opinion {
  if (ok === opinion.healthy) return { healthy: opinion.healthy, contrary: 0 };
  const contrary = opinion.contrary + 1;
  return contrary >= threshold ? { healthy: ok, contrary: 0 } : { healthy: opinion.healthy, contrary };
}

/** Whether an endpoint counts as healthy: more than `quorumPct` per cent of its checkers say so (Route 53: more than 18 %). */
export function isHealthy(healthy: number, of: number, quorumPct: number): boolean {
  return healthy * 100 > quorumPct * of;
}

/** How one region stands. `held`: treated as unhealthy whatever its checkers say, until someone fails back. */
export interface Standing { readonly name: string; readonly healthy: boolean; readonly held: boolean }

/** What the service's name answers: PRIMARY while healthy and not held, else the first healthy standby, else PRIMARY all the same (Route 53 failover routing). */
export function answer(standings: readonly Standing[], primary: string): string {
  const good = (standing: Standing) => standing.healthy && !standing.held;
  const others = standings.filter((standing) => standing.name !== primary);
  const first = standings.find((standing) => standing.name === primary);
  if (first && good(first)) return primary;
  return others.find(good)?.name ?? primary;
}

/** Which regions the service's name answers, each in proportion to its weight: those that are healthy, not held and have a weight above 0; all that have one where none of these is (Route 53 weighted routing: where all are unhealthy, all count as healthy). */
export function share(standings: readonly Standing[], weights: ReadonlyMap<string, number>): readonly string[] {
  const weighted = standings.filter(({ name }) => (weights.get(name) ?? 0) > 0);
  const good = weighted.filter(({ healthy, held }) => healthy && !held);
  return (good.length > 0 ? good : weighted).map(({ name }) => name);
}

/** Which of several choices one answer gives: by `weights`, and `random` in [0, 1). The first where all weigh nothing. */
export function pick(weights: readonly number[], random: number): number {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  let left = random * sum;
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  return 0;
}

/** The standings after users may have been moved: with `latched`, a PRIMARY that is no longer answered because it is unhealthy is held from now on. */
export function latch(standings: readonly Standing[], primary: string, failback: 'latched' | 'automatic'): readonly Standing[] {
  if (failback === 'automatic' || answer(standings, primary) === primary) return standings;
  return standings.map((standing) => (standing.name === primary && !standing.healthy ? { ...standing, held: true } : standing));
}

/** Hands on numbered results in the order their checks were started, however they come in; a check that still runs holds back those after it. */
export function inStartOrder<R>(apply: (result: R) => void): { start(): (result: R) => void } {
  const slots: { result?: R; done: boolean }[] = [];
  return {
    start() {
      const slot: { result?: R; done: boolean } = { done: false };
      slots.push(slot);
      return (result) => {
        slot.result = result;
        slot.done = true;
        while (slots[0]?.done) apply((slots.shift() as { result: R }).result);
      };
    },
  };
}
