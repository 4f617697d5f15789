import { outside, type Said } from './judged.ts';
import type { Alone } from '../../checks/loss/degraded.ts';
import { besideMs, isAlone, type State } from './state.ts';

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

/** Whether the old server died while its commits went on alone, or so soon after that no look need lie between. */
const diedIn = ({ alone, dies }: State): boolean => alone !== null && dies !== null && dies >= alone.from && dies <= alone.to + besideMs;

interface Commit extends Sent { readonly committed: number; readonly acked: boolean }

/** A server that lives on, and counts one by one, leaves less open. No more were alone than it counted, and all that were sent surely while it was so but as many as a replica acknowledged within `besideMs` of it. */
export function compareCounted(commits: readonly Commit[], state: State, said: Said, all: boolean): string[] {
  const { alone } = state;
  if (alone === null || diedIn(state)) return [];
  const old = commits.filter(({ server }) => server === '1');
  const most = old.filter((one) => isAlone(one, alone)).length;
  const waited = old.filter((one) => !isAlone(one, alone) && one.committed >= alone.from - besideMs && one.committed <= alone.to + besideMs).length;
  const least = all ? old.filter(({ acked, started, ended }) => acked && started >= alone.from + besideMs && ended <= alone.to - besideMs).length - waited : 0;
  return [...((said.high ?? 0) <= most ? [] : [`up to ${said.high} acknowledged alone, where it counted ${most}`]), ...((said.low ?? 0) >= least ? [] : [`as few as ${said.low} acknowledged alone, where ${least} surely were`])];
}

/** When it was so, as it is listed: once, from and to within `besideMs` of the truth; and how many commits went on so, unless they were counted by groups. */
export function compareSpells(commits: readonly Commit[], end: number, grouped: boolean, state: State, listed: readonly Alone[] | string): string[] {
  const { alone } = state;
  if (typeof listed === 'string') return [`nothing could be seen: ${listed}`];
  if (alone === null) return listed.length === 0 ? [] : [`${listed.length} times alone, and it never was`];
  if (diedIn(state) || Math.min(alone.to, end - besideMs) - alone.from < besideMs) return [];
  const [one] = listed;
  if (listed.length !== 1 || !one) return [`alone ${listed.length} times instead of once`];
  const beside = (said: number | null, is: number) => said !== null && Math.abs(said - is) <= besideMs;
  const lasts = alone.to > end - besideMs;
  const count = grouped ? null : commits.filter((commit) => isAlone(commit, alone)).length;
  return [
    ...(beside(one.from, alone.from) ? [] : [`alone from ${one.from}, not ${alone.from}`]), ...(lasts || beside(one.to, alone.to) ? [] : [`alone up to ${one.to}, not ${alone.to}`]),
    ...(one.commits === count ? [] : [`${one.commits} commits listed alone instead of ${count}`]),
  ];
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
