import { outside, type Said } from './judged.ts';
import { besideMs, type State } from './state.ts';

interface Sent { readonly server: '1' | '2'; readonly started: number; readonly ended: number }

/**
 * How many were acknowledged alone, as it is said. `could`: all that may have been. Looks tell when it was so to `besideMs` on either side; whatever was under way outside
 * of that was not alone. A server that dies meanwhile may have gone on so to the first look after it, and from the last look before it: what was under way then may be counted in both its lives.
 */
export function compareAlone(truth: number, could: readonly Sent[], { alone, dies }: State, said: Said): string[] {
  const under = (from: number, to: number) => could.filter(({ server, started, ended }) => server === '1' && ended >= from - besideMs && started <= to + besideMs).length;
  const deadIn = alone !== null && dies !== null && dies >= alone.from && dies <= alone.to + besideMs;
  const most = alone === null ? 0 : under(alone.from, deadIn ? Math.max(alone.to, dies) : alone.to) + (deadIn ? under(dies, dies) : 0);
  return [...outside(`${truth} acknowledged alone`, truth, said, null, 0), ...((said.high ?? 0) <= most ? [] : [`${truth} acknowledged alone, and up to ${said.high} said, where ${most} were under way`])];
}

/**
 * For how long it was so, as it is said, until the last look at `end` (ms). A look before it and one after bracket each end: `besideMs` for each, and for each end of the server's life in it
 * as much again. Where nothing was committed in it and no look need have fallen into it, there is nothing to find.
 */
export function compareDegraded(acked: number, end: number, { alone, dies }: State, said: Said): string[] {
  const truth = alone === null ? 0 : Math.max(0, Math.min(alone.to, end) - alone.from);
  if (alone !== null && acked === 0 && truth < besideMs) return [];
  const lasts = alone !== null && alone.to > end - besideMs;
  const lives = alone !== null && dies !== null && dies >= alone.from && dies <= alone.to + besideMs ? 2 : 1;
  const misses = outside(`${truth / 1_000} s alone`, truth / 1_000, said, lasts ? null : alone === null ? 0 : 2 * lives * besideMs / 1_000);
  return [...misses, ...(said.high === null && !lasts ? [`${truth / 1_000} s alone, and no upper bound`] : [])];
}
