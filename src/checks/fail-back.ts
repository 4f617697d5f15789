import { z } from 'zod';
import { between, lasting, missing, ruleBy, sayMeasure, saySeconds, seconds, worstOf, type Moment } from '../judge/bounds.ts';
import type { Check, Measure, Ruling } from '../check.ts';
import { ms } from '../duration.ts';
import { markOf, marks, phaseSpan, samplesOf, timeZero, type History } from '../history.ts';
import { leadingFault } from '../judge/looks.ts';
import { authorityOf, censusesIn } from './loss/censuses.ts';
import { measurePause, pausesIn, writerOf } from './moves/pause.ts';

const objective = z.strictObject({ maxPause: ms().optional() });
type Objective = z.output<typeof objective>;

/** What the finding of `fail-back` carries beside its measures. Moments in ms since the start of the run. `copiesMatch`: the end of the run's own reading of all copies; null where they were not all read. */
export interface Details {
  readonly writer: string | null;
  readonly pauses: readonly { readonly from: number; readonly to: number | null; readonly n: number }[];
  readonly early: { readonly at: number; readonly probe: string; readonly region: string } | null;
  readonly redundantAt: number | null;
  readonly copiesMatch: boolean | null;
}

/** What the way back cost: the pause of writes, requests served too early by a region that had not rejoined, and when there were two copies again. */
export const failBack: Check<Objective> = {
  kind: 'fail-back',
  about: 'measures the pause of writes while the region is handed back, requests that it served before it had rejoined, and the time to redundancy',
  measures: ['failback.pause', 'failback.early', 'redundancy.restored.t0', 'redundancy.restored.heal'],
  objective,
  judge(history, { maxPause }) {
    const writer = writerOf(history);
    const early = findEarly(history);
    const pause = measurePause(history, 'failback.pause', 'fail back');
    const measures = [pause, measureEarly(history, early), ...measureRedundancy(history)];
    const details: Details = { writer: writer?.name ?? null, pauses: pausesIn(history, 'fail back'), early: early && { at: early.at, probe: early.probe, region: early.region }, redundantAt: markOf(history, marks.redundant)?.at ?? null, copiesMatch: copiesMatch(history) };
    const confirmed = isConfirmed(history, details);
    const rulings: Ruling[] = maxPause === undefined ? [] : [ruleBy(pause, seconds(maxPause)), ...(confirmed ? [] : ['inconclusive' as const])];
    return { ruling: rulings.length === 0 ? 'measured' : worstOf(rulings), because: say(measures, details, confirmed, maxPause, askedAfter(history)), measures, details };
  },
};

/** How long after the heal (ms) the drill asked for the rejoin: time that the system is not to blame for. Null where it did not. */
function askedAfter(history: History): number | null {
  const [heal, rejoin] = [phaseSpan(history, 'heal'), phaseSpan(history, 'rejoin')];
  return heal && rejoin ? rejoin.from - heal.from : null;
}

interface Early extends Moment { readonly probe: string; readonly region: string }

/** The first request to the service's name, begun after the heal, that the failed region served although it had not rejoined (decision 10). */
function findEarly(history: History): Early | null {
  const heal = phaseSpan(history, 'heal');
  const region = leadingFault(history)?.place;
  if (!heal || region == null || !markOf(history, marks.promoted, { since: zeroOf(history)?.low ?? 0 })) return null;
  const rejoined = markOf(history, marks.rejoined, { since: heal.from })?.at ?? Number.POSITIVE_INFINITY;
  const aimed = new Set(history.run.probes.filter(({ params, place }) => params['target'] === 'service' || (params['target'] === undefined && place === 'outside')).map(({ name }) => name));
  const first = samplesOf(history, 'http').find((look) => aimed.has(look.probe) && look.ok && look.data?.servedBy === region && look.started >= heal.from && look.ended < rejoined);
  return first ? { at: first.started, low: first.started, high: first.ended, probe: first.probe, region } : null;
}

function measureEarly(history: History, early: Early | null): Measure {
  const heal = phaseSpan(history, 'heal');
  if (!heal) return missing('failback.early', 's', 'nothing was healed');
  if (early) return lasting('failback.early', between({ at: heal.from, low: heal.from, high: heal.from }, early), 1);
  return missing('failback.early', 's', 'no request was served by a region that had yet to rejoin');
}

function measureRedundancy(history: History): Measure[] {
  const redundant = markOf(history, marks.redundant);
  const apartAt = redundant?.evidence['apartAt'];
  const at: Moment | null = redundant ? { at: redundant.at, low: typeof apartAt === 'number' ? apartAt : redundant.at - redundant.errorMs, high: redundant.at + redundant.errorMs } : null;
  const zero = zeroOf(history);
  const heal = phaseSpan(history, 'heal')?.from;
  const since = (name: string, from: Moment | null, why: string) => (from && at ? lasting(name, between(from, at), 1) : missing(name, 's', at ? why : 'not observed: the copies were not seen to match at one position'));
  return [
    since('redundancy.restored.t0', zero && { at: zero.low, ...zero }, 'no fault was proven, so there is no time zero'),
    since('redundancy.restored.heal', heal === undefined ? null : { at: heal, low: heal, high: heal }, 'nothing was healed'),
  ];
}

function zeroOf(history: History): { low: number; high: number } | null {
  const fault = leadingFault(history);
  return fault ? timeZero(history, fault.name) : null;
}

function copiesMatch(history: History): boolean | null {
  const regions = history.run.topology.regions.map(({ name }) => name);
  const sums = regions.map((region) => censusesIn(history, 'reconcile', region).at(-1)?.census.checksum);
  return sums.includes(undefined) ? null : new Set(sums).size === 1;
}

/** A fail-back counts once the first primary serves again and the copies match at one position (decision 4). */
function isConfirmed(history: History, { copiesMatch: match }: Details): boolean {
  const span = phaseSpan(history, 'fail back');
  if (!span) return false;
  const again = history.entries.some((entry) => entry.kind === 'mark' && entry.what === marks.redundant && entry.at >= span.from);
  const home = history.run.topology.regions.find(({ role }) => role === 'primary')?.name;
  return authorityOf(history) === home && (again || match === true);
}

function say(measures: readonly Measure[], { early, writer }: Details, confirmed: boolean, maxPause: number | undefined, asked: number | null): string {
  const [pause, soon, , redundant] = measures as [Measure, Measure, Measure, Measure];
  const limit = maxPause === undefined ? '' : `; ${saySeconds(maxPause)} were allowed`;
  const said = [pause.value === null ? `The way back was not measured: ${pause.reason ?? ''}${limit}.` : `Writes (${writer}) paused for ${sayMeasure(pause)} while the region was handed back${limit}.`];
  if (pause.value !== null && !confirmed) said.push('That the first primary serves again with copies that match was not seen.');
  if (early) said.push(`${early.region} served a request ${sayMeasure(soon)} after the heal, before its database had rejoined.`);
  if (redundant.value !== null) said.push(`There were matching copies again ${sayMeasure(redundant)} after the heal${asked === null ? '' : `, of which ${saySeconds(asked)} passed before the drill asked for the rejoin`}.`);
  return said.join(' ');
}
