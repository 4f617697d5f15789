import type { failoverTime } from '../../checks/failover-time.ts';
import type { Finding, Measure, Ruling } from '../../check.ts';
import type { Failover } from './drawn.ts';
import type { Due } from './due.ts';

type Check = typeof failoverTime;
type Objective = Parameters<Check['judge']>[1];

/** Has a planted failover judged by objectives just below, within and above the bounds that were said, and beside the truth: in what ways it was ruled wrongly. */
export function misruled(check: Check, { history, relapsed }: Failover, rto: Measure, paced: Measure, due: { readonly rto: Due; readonly paced: Due }): string[] {
  const ask = (objective: Objective, demanded: Ruling): string[] => {
    const { ruling } = check.judge(history, objective);
    // Served again, and lost once more: that is no pass.
    const wanted = demanded === 'pass' && relapsed ? 'inconclusive' : demanded;
    return ruling === wanted ? [] : [`ruled ${ruling} by ${JSON.stringify(objective)}, where the bounds demand ${wanted}`];
  };
  const beyond = (ruled: (max: number) => Finding['ruling'], { truth, cutOff }: Due): string[] => {
    if (truth === null) return ruled(1_000_000) === 'inconclusive' ? [] : ['ruled, though nothing was measured'];
    return [
      ...(ruled(Math.max(1, Math.floor(truth) - 2)) === 'pass' ? ['ruled pass, though it truly took longer than was allowed'] : []),
      ...(!cutOff && ruled(Math.ceil(truth) + 2) === 'fail' ? ['ruled fail, though it truly took no longer than was allowed'] : []),
      ...(cutOff && ruled(1_000_000) === 'pass' ? ['ruled pass, though it was not over at the heal'] : []),
    ];
  };
  const loose = demandedOf(paced, 1_000_000);
  return [
    ...around(rto).flatMap((max) => ask({ max }, demandedOf(rto, max))), ...beyond((max) => check.judge(history, { max }).ruling, due.rto),
    ...around(paced).filter((_, index) => index % 3 === 1).flatMap((maxPaced) => ask({ max: 1_000_000, maxPaced }, worst(demandedOf(rto, 1_000_000), demandedOf(paced, maxPaced)))),
    ...around(rto).slice(0, 2).flatMap((max) => ask({ max, maxPaced: 1_000_000 }, worst(demandedOf(rto, max), loose))), ...beyond((maxPaced) => check.judge(history, { maxPaced }).ruling, due.paced),
  ];
}

/** Objectives (ms) on either side of each bound, and between the bounds and the point. */
function around({ value, low, high }: Measure): number[] {
  const [least, point, most] = [low ?? 0, value ?? 0, high ?? value ?? 0].map((seconds) => Math.round(seconds * 1_000)) as [number, number, number];
  const all = [least - 1, least, (least + point) >> 1, point, (point + most) >> 1, most - 1, most, most + 1];
  return [...new Set(all.filter((max) => max > 0))].sort((a, b) => a - b);
}

/** Missed if even the least is more than allowed, met if the most is not, and not known in between. */
function demandedOf({ value, low, high }: Measure, max: number): Ruling {
  if (value === null || low === null) return 'inconclusive';
  if (Math.round(low * 1_000) > max) return 'fail';
  return high !== null && Math.round(high * 1_000) <= max ? 'pass' : 'inconclusive';
}

function worst(one: Ruling, other: Ruling): Ruling {
  const rulings: readonly Ruling[] = ['fail', 'inconclusive', 'pass'];
  return rulings.find((ruling) => ruling === one || ruling === other) ?? 'pass';
}
