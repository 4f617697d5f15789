import type { Moment } from '../../judge/bounds.ts';
import { marks, phaseSpan, type History, type Mark } from '../../history.ts';
import { leftRegion, takingRegion } from '../../judge/looks.ts';
import { isActiveActive } from '../../topology.ts';
import { letGoOf, type Vantage } from './vantages.ts';

/** When the last authority changed to the new answer, and until when (ms) resolvers were watched for it: the fail-back, the end, or the name moving back by itself. `times`: how often the authorities said that it moved away. */
export interface Flip { readonly moment: Moment | null; readonly reason: string; readonly until: number; readonly times: number }

/** Finds the change of the service's name at its authorities after `since` (ms): by asking them, or where nobody did, by their own word that all had it. */
export function findFlip(history: History, vantages: readonly Vantage[], since: number): Flip {
  const { back, times } = standingMove(history, since);
  const until = back?.at ?? plannedEnd(history);
  const authorities = vantages.filter(({ server }) => history.run.topology.authorities.includes(server));
  // An authority that picks by weight may give the new answer long before the old one is taken out.
  if (authorities.length === 0 || isActiveActive(history.run.topology)) return { ...byMark(history, since), until, times };
  const changes = authorities.map((vantage) => ({ name: vantage.name, ...letGoOf(history, vantage.looks, since, until) }));
  const stuck = changes.filter(({ nextNew }) => nextNew === null);
  if (stuck.length > 0) return { moment: null, reason: `${stuck.map(({ name }) => name).join(' and ')} never changed to the new answer`, until, times };
  const latest = (of: (change: (typeof changes)[number]) => number) => Math.max(...changes.map(of));
  const high = latest(({ nextNew }) => nextNew?.ended ?? 0);
  const at = latest(({ nextNew }) => nextNew?.started ?? 0);
  return { moment: { at, low: Math.min(at, latest(({ lastOld }) => lastOld?.started ?? since)), high }, reason: '', until, times };
}

/** The first mark that the service's name was published with the address of a region, and without that of another where one is named. */
export function publishedTo(history: History, region: string, since: number, without?: string): Mark | undefined {
  const { names } = history.run.topology;
  const address = history.run.addresses[region];
  const other = without === undefined ? undefined : history.run.addresses[without];
  return history.entries.find((entry): entry is Mark => {
    if (entry.kind !== 'mark' || entry.what !== marks.published || entry.at < since || (entry.subject !== names.service && entry.subject !== 'service')) return false;
    const addresses = entry.evidence['addresses'];
    return Array.isArray(addresses) && address !== undefined && addresses.includes(address) && (other === undefined || !addresses.includes(other));
  });
}

function byMark(history: History, since: number): { moment: Moment | null; reason: string } {
  const mark = standingMove(history, since).moved;
  return mark ? { moment: { at: mark.at, low: mark.at - mark.errorMs, high: mark.at + mark.errorMs }, reason: '' } : { moment: null, reason: 'no authority was asked, and none said that the name had moved' };
}

/** A name that goes to and fro while health checks waver has moved when it last moved and stayed. `moved`: that mark; `back`: where it went home again by itself; `times`: how often it moved away. */
export function standingMove(history: History, since: number): { readonly moved: Mark | undefined; readonly back: Mark | undefined; readonly times: number } {
  const [home, away] = [leftRegion(history), takingRegion(history)];
  const planned = plannedEnd(history);
  let moved = publishedTo(history, away, since, home);
  for (let times = moved ? 1 : 0; ; times += 1) {
    const back = moved && publishedTo(history, home, moved.at);
    if (!back || back.at >= planned) return { moved, back: undefined, times };
    const again = publishedTo(history, away, back.at, home);
    if (!again || again.at >= planned) return { moved, back, times };
    moved = again;
  }
}

function plannedEnd(history: History): number {
  return Math.min(...[phaseSpan(history, 'fail back')?.from, phaseSpan(history, 'quiesce')?.from].map((end) => end ?? Number.POSITIVE_INFINITY));
}
