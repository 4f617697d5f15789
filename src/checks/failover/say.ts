import { sayMeasure, saySeconds } from '../../judge/bounds.ts';
import type { Measure } from '../../check.ts';
import { markOf, marks, phaseSpan, type History } from '../../history.ts';
import { breakEnds, clientProbes, leadingFault } from '../../judge/looks.ts';
import type { Details } from './details.ts';
import type { Sights } from './sights.ts';
import type { Stages } from './stages.ts';

/** What users had of it, in sentences for a person. `max`: the objective in ms. */
export function sayFailover(history: History, sights: Sights | null, stages: Stages | null, rto: Measure, details: Details, max: number | undefined): string {
  const fault = leadingFault(history);
  if (!fault) return sayQuiet(details);
  if (!sights) return `How long it took is not known: ${rto.reason ?? ''}.`;
  const limit = max === undefined ? '' : `; ${saySeconds(max)} were allowed`;
  if (rto.value === null) return `The reference client was served all through "${fault.name}": not one bad look.`;
  if (rto.censored) return `${sayLost(history, sights)} ${sayMeasure(rto)}: it was not served again for good before the heal${limit}.${sayUnharmed(history, sights)}${sayLate(history)}`;
  return `Users were served again ${sayMeasure(rto)} after "${fault.name}" began${limit}.${sayRelapse(sights)}${saySlowest(stages)}${sayExpected(details)}${sayLate(history)}`;
}

/** Served again is not served for good: a client that was lost once more before the heal has to be told of. */
function sayRelapse({ course: { relapse }, zero }: Sights): string {
  return relapse === null ? '' : ` But it was lost again ${saySeconds(relapse.started - zero.at)} after time zero, before the heal.`;
}

/** A failover that the heal brought about belongs to no recovery, and nobody asked for it. */
function sayLate(history: History): string {
  const from = breakEnds(history);
  const until = phaseSpan(history, 'fail back')?.from ?? Number.POSITIVE_INFINITY;
  const late = markOf(history, marks.declaredDead, { since: from });
  return late && late.at < until ? ` After the heal ${late.subject} was declared dead (${saySeconds(late.at - from)} after it): healing led to a failover of its own.` : '';
}

function sayQuiet({ probes }: Details): string {
  const bad = probes.filter((row) => row.client).reduce((sum, row) => sum + row.bad, 0);
  return bad === 0 ? 'Nothing was broken, and the reference client saw not one bad look.' : `Nothing was broken, yet the reference client saw ${bad} bad looks: this is the noise of the instrument and the system.`;
}

/** Which part of the service was gone: a client that reads and writes may have lost only one of them. */
function sayLost(history: History, { course }: Sights): string {
  const lost = clientProbes(history).filter(({ name }) => (course.bad[name] ?? 0) > 0);
  const words = lost.map(({ says, name }) => `${says === 'write' ? 'writes' : 'requests'} (${name})`);
  return `The reference client lost its ${words.join(' and its ')} for`;
}

function sayUnharmed(history: History, { course }: Sights): string {
  const fine = clientProbes(history).filter(({ name }) => (course.bad[name] ?? 0) === 0);
  return fine.length === 0 ? '' : ` ${fine.map(({ says, name }) => `Its ${says === 'write' ? 'writes' : 'requests'} (${name}) went on.`).join(' ')}`;
}

function saySlowest(stages: Stages | null): string {
  const slowest = stages?.slowest;
  return slowest ? ` The slowest stage on the way was ${slowest.name.replace('stage.', '')} with ${sayMeasure(slowest)}.` : '';
}

function sayExpected({ expected }: Details): string {
  if (!expected) return '';
  const span = `${saySeconds(expected.low * 1_000)} to ${saySeconds(expected.high * 1_000)}`;
  return expected.exceeded ? ` Its settings add up to ${span}: it took longer than they explain.` : ` Its settings add up to ${span}.`;
}
