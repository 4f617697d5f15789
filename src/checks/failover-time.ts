import { z } from 'zod';
import { between, lasting, missing, ruleBy, sayMeasure, saySeconds, seconds, worstOf, type Length, type Moment } from '../judge/bounds.ts';
import type { Check, Measure } from '../check.ts';
import { ms } from '../duration.ts';
import { samplesOf, type History } from '../history.ts';
import { breakEnds, clientProbes, lastMoment, leadingFault, measuredSpan } from '../judge/looks.ts';
import { longestOf } from '../judge/outage.ts';
import type { Details } from './failover/details.ts';
import { expectFailover } from './failover/expected.ts';
import { followPace, paceTimes } from './failover/pace.ts';
import { rowsOf, seeingOf } from './failover/rows.ts';
import { sayFailover } from './failover/say.ts';
import { findSights, sightNames, type SightName, type Sights } from './failover/sights.ts';
import { measureStages, steps, type Stages } from './failover/stages.ts';

const objective = z.strictObject({ max: ms().optional(), maxPaced: ms().optional() });
type Objective = z.output<typeof objective>;

const names = ['failover.rto', 'failover.paced', 'failover.detect.dns', 'failover.detect.db', 'failover.promote', 'failover.outage.longest', ...steps.map(({ name }) => name)];

/** How long the reference client was without service after time zero, and where that time went. */
export const failoverTime: Check<Objective> = {
  kind: 'failover-time',
  about: 'measures how long the reference client was without service, from the fault to a recovery that lasted, and the stages in between',
  measures: names,
  objective,
  judge(history, { max, maxPaced }) {
    const sights = findSights(history);
    const stages = sights && measureStages(sights);
    const rto = measureRto(history, sights);
    const paced = measurePaced(history, sights, rto);
    const reason = 'no fault was proven, so there is no time zero';
    const since = (name: string, sight: SightName) => measureSince(name, sights, sight, reason);
    const measures = [
      rto, paced, since('failover.detect.dns', 'unhealthy'), since('failover.detect.db', 'declared dead'), measurePromotion(history, sights, reason), measureLongest(history, windowOf(history, sights)),
      ...(stages?.measures ?? steps.map(({ name }) => missing(name, 's', reason))),
    ];
    const details = describe(history, sights, stages, rto);
    const asked = [...(max === undefined ? [] : [ruleBy(rto, seconds(max))]), ...(maxPaced === undefined ? [] : [ruleBy(paced, seconds(maxPaced))])];
    const met = asked.length === 0 ? 'measured' : worstOf(asked);
    const ruling = met === 'pass' && sights?.course.relapse ? 'inconclusive' : met;
    return { ruling, because: `${sayFailover(history, sights, stages, rto, details, max)}${sayPaced(paced, maxPaced)}`, measures, details };
  },
};

/** T8 - T0: low from the last bad look to time zero's end, high to the end of the first good look that lasted (decisions 1 and 2). */
function measureRto(history: History, sights: Sights | null): Measure {
  const name = 'failover.rto';
  const fault = leadingFault(history);
  if (!fault) return missing(name, 's', 'nothing was broken');
  if (!sights) return missing(name, 's', `${fault.name} was not proven to bite, so there is no time zero`);
  const { course, zero } = sights;
  const n = Object.values(course.bad).reduce((sum, bad) => sum + bad, 0);
  if (!course.firstBad || !course.lastBad) return missing(name, 's', 'the reference client saw nothing of it', 0);
  if (course.recovery) return lasting(name, between(zero, course.recovery), n);
  const atLeast = Math.max(0, course.lastBad.started - zero.high);
  return lasting(name, { value: atLeast, low: atLeast, high: null }, n, true);
}

/** The same, if an answer that is much slower than before the fault counts as none. Where users noticed nothing else, nothing is known of their pace. */
function measurePaced(history: History, sights: Sights | null, rto: Measure): Measure {
  const name = 'failover.paced';
  if (!sights || rto.value === null) return missing(name, 's', rto.reason ?? 'the reference client saw nothing of it');
  const course = followPace(history, sights.zero.low);
  if (!course) return missing(name, 's', 'fewer than 100 looks before the fault: what was usual is not known');
  const n = Object.values(course.bad).reduce((sum, bad) => sum + bad, 0);
  if (course.recovery) return lasting(name, between(sights.zero, course.recovery), n);
  const atLeast = Math.max(0, (course.lastBad?.started ?? sights.zero.high) - sights.zero.high);
  return lasting(name, { value: atLeast, low: atLeast, high: null }, n, true);
}

function sayPaced(paced: Measure, maxPaced: number | undefined): string {
  if (maxPaced === undefined) return '';
  return ` Answers came as fast as before (within ${paceTimes} times what 99 % of them took) after ${sayMeasure(paced)}; ${saySeconds(maxPaced)} were allowed.`;
}

function measureSince(name: string, sights: Sights | null, sight: SightName, reason: string): Measure {
  const moment: Moment | null | undefined = sights?.at[sight];
  if (!sights) return missing(name, 's', reason);
  return moment ? lasting(name, between(sights.zero, moment), 1) : missing(name, 's', `not observed: ${sight}`);
}

function measurePromotion(history: History, sights: Sights | null, reason: string): Measure {
  const asked = history.run.probes.some(({ kind }) => kind === 'direct');
  if (sights && !asked) return missing('failover.promote', 's', 'no probe writes straight into the database of the standby');
  return measureSince('failover.promote', sights, 'first write', reason);
}

/** The longest outage that any probe of the reference client saw. */
function measureLongest(history: History, { from, to }: Details['window']): Measure {
  const name = 'failover.outage.longest';
  const seen = clientProbes(history).map((probe) => {
    const looks = samplesOf(history, probe.says, probe.name);
    return { n: looks.filter((look) => look.ended > from && look.started < to).length, ...longestOf(looks, seeingOf(history, probe, from, to)) };
  });
  if (seen.length === 0 || seen.some(({ n }) => n === 0)) return missing(name, 's', 'a probe of the reference client did not look at all');
  const high = seen.some((one) => one.high === null) ? null : Math.max(...seen.map((one) => one.high ?? 0));
  const length: Length = { value: Math.max(...seen.map((one) => one.value)), low: Math.max(...seen.map((one) => one.low)), high };
  return lasting(name, length, seen.reduce((sum, { n }) => sum + n, 0), seen.some(({ censored }) => censored));
}

/** From time zero to the heal; where nothing was broken, all that was measured: the noise floor. */
function windowOf(history: History, sights: Sights | null): Details['window'] {
  return sights ? { from: sights.zero.low, to: Math.min(breakEnds(history), lastMoment(history)) } : measuredSpan(history);
}

function describe(history: History, sights: Sights | null, stages: Stages | null, rto: Measure): Details {
  const window = windowOf(history, sights);
  const expected = sights && expectFailover(history);
  const again = sights?.course.firstBad && firstGoodAfter(history, sights.course.firstBad.started);
  return {
    window, stages: stages?.stages ?? [], criticalPath: stages?.criticalPath ?? [], slowest: stages?.slowest?.name ?? null,
    sights: sights ? sightNames.flatMap((name) => (sights.at[name] ? [{ name, ...pick(sights.at[name]) }] : [])) : [],
    expected: expected && { ...expected, exceeded: (rto.low ?? 0) > expected.high },
    probes: rowsOf(history, window.from, window.to),
    firstSuccess: sights && again != null ? seconds(again - sights.zero.low) : null,
  };
}

function pick({ at, low, high }: Moment): Moment {
  return { at, low, high };
}

function firstGoodAfter(history: History, moment: number): number | null {
  const starts = clientProbes(history).flatMap((probe) => samplesOf(history, probe.says, probe.name).find((look) => look.ok && look.started > moment)?.started ?? []);
  return starts.length === 0 ? null : Math.min(...starts);
}
