import { isActiveActive, primaryOf, standbyOf, type Place } from '../topology.ts';
import { entriesOf, phaseSpan, type History, type Phase, type Sample, type Watched } from '../history.ts';

/** What the judgement of up and down needs of a look. */
export type Looked = Pick<Sample, 'started' | 'ended' | 'ok' | 'error'>;

/** A stretch of ms in which nothing can be known. */
export interface Unseen { readonly from: number; readonly to: number }

/** Spans in which nothing is known of what this probe saw. */
export function blindOf(history: History, probe: Pick<Watched, 'name' | 'place'>): Unseen[] {
  return entriesOf(history, 'blind').filter((entry) => entry.place === probe.place && (entry.probe === null || entry.probe === probe.name));
}

/** The looks that tell something, in their order: begun before `until`, none that touches blind time, and no good one that was answered only after `until`. */
export function telling<L extends Looked>(looks: readonly L[], until: number, blind: readonly Unseen[] = []): L[] {
  const inTime = (look: L) => look.started < until && !(look.ok && look.ended > until);
  if (blind.length === 0) return looks.filter(inTime);
  return looks.filter((look) => inTime(look) && !blind.some((span) => look.started < span.to && look.ended > span.from));
}

/** Beyond this distance (ms) between starts a probe did not look. A second is the coarsest sampling the rules allow (semantics 5.0); a probe slower than that may miss two. */
export function holeMs(everyMs: number): number {
  return Math.max(1_000, 3 * everyMs);
}

/** When the break ended, in ms: the heal began, or else whatever phase came after it; Infinity while it lasts. */
export function breakEnds(history: History): number {
  const order: readonly Phase[] = ['heal', 'rejoin', 'fail back', 'quiesce', 'reconcile', 'done'];
  return Math.min(...order.map((phase) => phaseSpan(history, phase)?.from ?? Number.POSITIVE_INFINITY));
}

/** The time that was measured, in ms: from the baseline to when the writers were stopped. */
export function measuredSpan(history: History): Unseen {
  const from = phaseSpan(history, 'baseline')?.from ?? 0;
  const to = phaseSpan(history, 'quiesce')?.from ?? phaseSpan(history, 'reconcile')?.from ?? phaseSpan(history, 'done')?.from ?? lastMoment(history);
  return { from, to };
}

/** The latest moment (ms) that any entry tells of; entries are in the order in which they came to be known. */
export function lastMoment(history: History): number {
  return history.entries.reduce((latest, entry) => Math.max(latest, entry.kind === 'sample' ? entry.ended : entry.at), 0);
}

/** The fault that time zero is taken from: the one that users are expected to notice, or else the first. */
export function leadingFault(history: History): History['run']['faults'][number] | undefined {
  const { faults, impact } = history.run;
  return faults.find((fault) => fault.name === impact) ?? faults[0];
}

/** The probes of the reference client that were watched. */
export function clientProbes(history: History): Watched[] {
  return history.run.probes.filter((probe) => history.run.client.probes.includes(probe.name));
}

/** The region that users are moved away from: the primary, or, where both are active, the one that the leading fault takes. */
export function leftRegion(history: History): Place {
  const { topology } = history.run;
  return (isActiveActive(topology) ? leadingFault(history)?.place : null) ?? primaryOf(topology).name;
}

/** The region that they are moved to. */
export function takingRegion(history: History): Place {
  const { topology } = history.run;
  const left = leftRegion(history);
  return isActiveActive(topology) ? topology.regions.find(({ name }) => name !== left)?.name ?? left : standbyOf(topology).name;
}
