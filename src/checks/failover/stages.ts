import { between, lasting, missing, type Moment } from '../../judge/bounds.ts';
import type { Measure } from '../../check.ts';
import type { SightName, Sights } from './sights.ts';

/** Which of the parallel ways a stage lies on: the name's, the database's, the mesh's, those joined again, or beside them. */
export type Path = 'dns' | 'db' | 'mesh' | 'joined' | 'beside';

/** `ready`: all is there for the client. `allowed`: nothing has to be waited for any more before something is done. */
type Beginning = SightName | 'ready' | 'allowed';

interface Step { readonly name: string; readonly from: Beginning; readonly to: SightName; readonly path: Path }

/** The stages: gaps between what was observed. A sum of them is not forced to be the RTO. */
export const steps: readonly Step[] = [
  { name: 'stage.detect.dns', from: 'zero', to: 'unhealthy', path: 'dns' },
  { name: 'stage.publish.dns', from: 'unhealthy', to: 'published service', path: 'dns' },
  { name: 'stage.resolve', from: 'published service', to: 'let go', path: 'dns' },
  { name: 'stage.detect.db', from: 'zero', to: 'declared dead', path: 'db' },
  { name: 'stage.person', from: 'asked', to: 'approved', path: 'db' },
  { name: 'stage.lease', from: 'lease awaited', to: 'lease over', path: 'db' },
  { name: 'stage.decide', from: 'allowed', to: 'stopped', path: 'db' },
  { name: 'stage.drain', from: 'stopped', to: 'drained', path: 'db' },
  { name: 'stage.promote', from: 'drained', to: 'promoted', path: 'db' },
  { name: 'stage.runbook', from: 'runbook began', to: 'promoted', path: 'db' },
  { name: 'stage.publish.db', from: 'promoted', to: 'published database', path: 'db' },
  { name: 'stage.fence', from: 'declared dead', to: 'fenced', path: 'beside' },
  { name: 'stage.mesh.eject', from: 'zero', to: 'ejected', path: 'mesh' },
  { name: 'stage.mesh.shift', from: 'ejected', to: 'sent elsewhere', path: 'mesh' },
  { name: 'stage.adopt', from: 'ready', to: 'recovered', path: 'joined' },
];

/** A stage as reports draw it: ms since the start of the run, null where its end was not observed. */
export interface Stage { readonly name: string; readonly path: Path; readonly from: number | null; readonly to: number | null }

/** The stages with their measures, those on the critical path in order, and the slowest of these. */
export interface Stages { readonly measures: readonly Measure[]; readonly stages: readonly Stage[]; readonly criticalPath: readonly string[]; readonly slowest: Measure | null }

/** Measures every stage; one whose beginning or end was not observed is null, never zero. */
export function measureStages(sights: Sights): Stages {
  const ready = readyAt(sights);
  const moment = (name: Beginning): Moment | null => {
    if (name === 'allowed') return sights.at[lastAwaited(sights)];
    return name === 'ready' ? ready?.moment ?? null : sights.at[name];
  };
  const absent = new Map(steps.map((step) => [step, absence(sights, step)]));
  const seen = steps.filter((step) => absent.get(step) === null);
  const measures = steps.map((step) => {
    const reason = absent.get(step) ?? null;
    return reason === null ? measureStep(step, step.from === 'allowed' ? lastAwaited(sights) : step.from, moment(step.from), moment(step.to)) : missing(step.name, 's', reason);
  });
  const stages = [
    ...seen.map(({ name, path, from, to }): Stage => ({ name, path, from: moment(from)?.at ?? null, to: moment(to)?.at ?? null })),
    ...sights.runbook.map(({ step, from, to }): Stage => ({ name: `runbook: ${step}`, path: 'beside', from, to })),
  ];
  const criticalPath = ready ? seen.filter(({ path }) => path === ready.path || path === 'joined').map(({ name }) => name) : [];
  const onPath = measures.filter(({ name, value }) => criticalPath.includes(name) && value !== null);
  const slowest = onPath.reduce<Measure | null>((longest, measure) => (longest === null || (measure.value ?? 0) > (longest.value ?? 0) ? measure : longest), null);
  return { measures, stages, criticalPath, slowest };
}

/** Why a stage is no part of this failover; null where it is one. Where no mesh was seen to act there may be none, and nothing is drawn of it then. */
function absence({ at, promotes }: Sights, { name, path }: Step): string | null {
  if (!promotes && (path === 'db' || name === 'stage.fence')) return 'no database is promoted: each takes writes already';
  if (path === 'mesh' && at.ejected === null && at['sent elsewhere'] === null) return 'no mesh was seen to act';
  const byRunbook = at['runbook began'] !== null;
  if (byRunbook && ['stage.decide', 'stage.drain', 'stage.promote'].includes(name)) return 'the runbook promoted, in its own steps';
  if (!byRunbook && name === 'stage.runbook') return 'no runbook was followed';
  if (name === 'stage.lease' && at['lease awaited'] === null) return 'no lease was awaited';
  return name === 'stage.person' && at.asked === null ? 'nobody was asked' : null;
}

function measureStep({ name, to }: Step, from: Exclude<Beginning, 'allowed'>, began: Moment | null, ended: Moment | null): Measure {
  const unseen = [began ? [] : [from === 'ready' ? 'let go, published database' : from], ended ? [] : [to]].flat();
  if (!began || !ended) return missing(name, 's', `not observed: ${unseen.join(', ')}`);
  // A name that is let go, or a client that is served, before the step before it was done did not have to wait for it.
  if (ended.high < began.low && to !== 'let go' && to !== 'recovered') return missing(name, 's', `${to} was seen before ${from}`);
  return lasting(name, between(began, ended), 1);
}

/** The last thing that had to be waited for before a failover could be decided, as far as was seen: a lease, a person, or only the death. */
function lastAwaited({ at }: Sights): SightName {
  if (at['lease awaited'] ?? at['lease over']) return 'lease over';
  return at.asked ?? at.approved ? 'approved' : 'declared dead';
}

/** When all was there for the client: when both name and database were, of those that were observed; where neither was, the end of the mesh's. `path`: the one that was later. */
function readyAt({ at }: Sights): { readonly moment: Moment; readonly path: Path } | null {
  const [name, database] = [at['let go'], at['published database'] ?? at.promoted];
  if (name && database) return { moment: laterOf(name, database), path: database.at > name.at ? 'db' : 'dns' };
  if (name) return { moment: name, path: 'dns' };
  if (database) return { moment: database, path: 'db' };
  return at['sent elsewhere'] && { moment: at['sent elsewhere'], path: 'mesh' };
}

/** Which of two was later may not be known, but when both had been is. */
function laterOf(one: Moment, other: Moment): Moment {
  return { at: Math.max(one.at, other.at), low: Math.max(one.low, other.low), high: Math.max(one.high, other.high) };
}
