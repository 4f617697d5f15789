import type { Moment } from '../../judge/bounds.ts';
import { entriesOf, markOf, marks, samplesOf, timeZero, type History, type Mark, type Sample } from '../../history.ts';
import { breakEnds, leadingFault, leftRegion, takingRegion } from '../../judge/looks.ts';
import { followClient, type Course } from '../../judge/recovery.ts';
import { isActiveActive } from '../../topology.ts';
import { standingMove } from '../dns/flip.ts';
import { letGoOf, momentOf, vantagesOf } from '../dns/vantages.ts';

/** What can be seen of a failover, in the words of the stages between. */
export const sightNames = ['zero', 'impact', 'unhealthy', 'published service', 'let go', 'suspected', 'declared dead', 'asked', 'approved', 'lease awaited', 'lease over', 'runbook began', 'fenced', 'stopped', 'drained', 'promoted', 'first write', 'published database', 'verified', 'ejected', 'sent elsewhere', 'recovered'] as const;
export type SightName = (typeof sightNames)[number];

/** The moments of a failover in ms since the start of the run; null where nothing was observed. `course`: how the reference client fared. `runbook`: the steps of the team's own commands, by their own words. */
export interface Sights { /** Whether a database is ever promoted: not where each takes writes already. */ readonly promotes: boolean; readonly runbook: readonly { readonly step: string; readonly from: number; readonly to: number | null }[]; readonly at: Readonly<Record<SightName, Moment | null>>; readonly course: Course; readonly zero: Moment }

/** Looks up every mark of the failover after time zero; null where no fault was proven, for then there is no time zero. */
export function findSights(history: History): Sights | null {
  const fault = leadingFault(history);
  const span = fault && timeZero(history, fault.name);
  if (!span) return null;
  const zero: Moment = { at: span.low, ...span };
  const { topology } = history.run;
  const [primary, until] = [leftRegion(history), breakEnds(history)];
  const course = followClient(history, zero.low);
  // What the system does once it is healed is no stage of this failover.
  const before = (moment: Moment | null) => (moment && moment.at < until ? moment : null);
  const mark = (what: string, subjects?: readonly string[]) => before(momentOfMark(firstMark(history, what, zero.low, subjects)));
  return {
    zero, course, promotes: topology.settings.failover.decide !== 'nobody', runbook: runbookSteps(history, zero.low),
    at: {
      zero,
      impact: course.firstBad && { at: course.firstBad.started, low: course.firstBad.started, high: course.firstBad.ended },
      unhealthy: mark(marks.unhealthy, [primary]),
      'published service': before(momentOfMark(standingMove(history, zero.low).moved)),
      'let go': letGoOfReference(history, zero.low, until),
      suspected: mark(marks.suspected), 'declared dead': mark(marks.declaredDead), asked: mark(marks.asked), approved: mark(marks.approved), 'lease awaited': mark(marks.leaseAwaited), 'lease over': mark(marks.leaseOver), 'runbook began': mark(marks.runbookBegan), fenced: mark(marks.fenced), stopped: mark(marks.stopped), drained: mark(marks.drained), promoted: mark(marks.promoted),
      'first write': before(firstDirectWrite(history, zero.low)),
      'published database': mark(marks.published, [topology.names.database, 'database']),
      verified: mark(marks.verified),
      ejected: mark(marks.ejected, [`${primary}/app`]),
      'sent elsewhere': mark(marks.sendsUsers, topology.regions.filter(({ name }) => name !== primary).map(({ name }) => `${name}/app`)),
      recovered: course.recovery,
    },
  };
}

/** A step lasts until the next begins, the last one until the runbook ends. */
function runbookSteps(history: History, since: number): Sights['runbook'] {
  const told = entriesOf(history, 'mark').filter(({ at, what }) => at >= since && (what === marks.runbookStep || what === marks.runbookEnded));
  return told.flatMap(({ what, subject, at }, index) => (what === marks.runbookStep ? [{ step: subject, from: at, to: told[index + 1]?.at ?? null }] : []));
}

function firstMark(history: History, what: string, since: number, subjects?: readonly string[]): Mark | undefined {
  if (!subjects) return markOf(history, what, { since });
  const found = subjects.flatMap((subject) => markOf(history, what, { since, subject }) ?? []);
  return found.sort((a, b) => a.at - b.at)[0];
}

function momentOfMark(mark: Mark | undefined): Moment | null {
  return mark ? { at: mark.at, low: mark.at - mark.errorMs, high: mark.at + mark.errorMs } : null;
}

/** The first write that the standby's own database took, asked directly: after the last refused one began, before the accepted one was answered. */
function firstDirectWrite(history: History, since: number): Moment | null {
  const standby = takingRegion(history);
  const names = new Set(history.run.probes.filter(({ kind, place }) => kind === 'direct' && place === standby).map(({ name }) => name));
  const looks = samplesOf(history, 'write').filter((look) => names.has(look.probe) && look.ended > since);
  const first = looks.findIndex((look: Sample<'write'>) => look.data?.outcome === 'acked');
  const accepted = looks[first];
  return accepted ? { at: accepted.started, low: looks[first - 1]?.started ?? since, high: accepted.ended } : null;
}

function letGoOfReference(history: History, since: number, until: number): Moment | null {
  if (isActiveActive(history.run.topology)) return lastToLetGo(history, since, until);
  const vantages = vantagesOf(history).filter(({ server }) => server === history.run.client.resolver);
  const vantage = vantages.find(({ probe }) => probe.place === 'outside') ?? vantages[0];
  return vantage ? momentOf(letGoOf(history, vantage.looks, since, until)) : null;
}

/** Clients behind several resolvers are served again when the last of these has let go. */
function lastToLetGo(history: History, since: number, until: number): Moment | null {
  const honest = history.run.topology.resolvers.filter(({ planted }) => !planted).map(({ name }) => name);
  const moments = vantagesOf(history).filter(({ server }) => honest.includes(server)).map(({ looks }) => momentOf(letGoOf(history, looks, since, until)));
  return moments.reduce<Moment | null>((latest, moment) => (moment === null || (latest && latest.at >= moment.at) ? latest : moment), null);
}
