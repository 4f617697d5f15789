import { z } from 'zod';
import type { Check, Measure, Ruling } from '../check.ts';
import { timeZero, type History } from '../history.ts';
import { counted, missing, ruleBy, sayMeasure, saySeconds, worstOf } from '../judge/bounds.ts';
import { breakEnds, leadingFault, measuredSpan } from '../judge/looks.ts';
import { doorsOf } from './connections/doors.ts';
import { serversOf, type Rate, type Watch } from './connections/rates.ts';
import type { Details, Peak } from './connections/details.ts';

const objective = z.strictObject({ maxPeak: z.number().positive().optional(), maxRefused: z.int().min(0).optional() });
type Objective = z.output<typeof objective>;

const names = ['connections.baseline', 'connections.peak', 'connections.factor', 'connections.heal.peak', 'connections.refused', 'connections.most', 'connections.doors.baseline', 'connections.doors.peak'] as const;

/** How many new connections the databases were asked for in a second while nothing was broken, and at most after that; refused ones; and the same at the front door. */
export const connections: Check<Objective> = {
  kind: 'connections',
  about: 'counts new database connections a second before the break, and at most after it, those that were refused because there were too many, and the same at the front door (it takes a probe of kind server)',
  measures: names,
  objective,
  judge(history, { maxPeak, maxRefused }) {
    const course = courseOf(history);
    const watches = serversOf(history);
    const peaks = course === null ? [] : peaksOf(watches, course);
    const measures = [...ofServers(watches, peaks, course), ...ofDoors(history, course)];
    const named = (name: (typeof names)[number]) => measures.find((measure) => measure.name === name) as Measure;
    const rulings: Ruling[] = [
      ...(maxPeak === undefined ? [] : [ruleBy(named('connections.peak'), maxPeak)]),
      ...(maxRefused === undefined ? [] : [ruleBy(named('connections.refused'), maxRefused)]),
    ];
    const details: Details = { peaks, limit: history.run.topology.settings.database.maxConnections };
    return { ruling: rulings.length === 0 ? 'measured' : worstOf(rulings), because: say(named, details, course, maxPeak, maxRefused), measures, details };
  },
};

/** Where nothing was broken yet, where it was, and where it was over. ms since the start of the run. */
interface Course { readonly from: number; readonly low: number; readonly heal: number; readonly to: number }

function courseOf(history: History): Course | null {
  const fault = leadingFault(history);
  const zero = fault && timeZero(history, fault.name);
  const { from, to } = measuredSpan(history);
  return zero ? { from, low: zero.low, heal: Math.min(to, breakEnds(history)), to } : null;
}

/** What each database was asked for, in the break and after it; those with the highest peaks first. */
function peaksOf(watches: readonly Watch[], { from, low, heal, to }: Course): Peak[] {
  return watches.flatMap((watch): Peak[] => {
    const [baseline, broken, healed] = [watch.over(from, low), watch.peak(low, heal), watch.peak(heal, to)];
    return broken === null && healed === null ? [] : [{ region: watch.region, baseline, broken, healed, refused: watch.refused(low, to), forgot: watch.forgot(low, to), open: watch.most(low, to) }];
  }).sort((a, b) => (b.broken?.value ?? 0) - (a.broken?.value ?? 0));
}

function ofServers(watches: readonly Watch[], peaks: readonly Peak[], course: Course | null): Measure[] {
  const [baseline, peak, factor, heal, refused, most] = names;
  const [first] = peaks;
  const reason = watches.length === 0 ? 'no database was asked: watch one with a probe of kind server, from its own region' : course === null ? 'no fault was proven, so there is nothing that it came after' : 'no database answered after the break';
  const rate = (name: string, one: Rate | null | undefined, why: string) => (one ? rated(name, one) : missing(name, 'a second', first ? why : reason));
  const [was, is] = [first?.baseline, first?.broken];
  return [
    rate(baseline, was, 'it did not answer twice before the break'), rate(peak, highestOf(peaks.flatMap(({ broken }) => broken ?? [])), 'no database answered for a second of the break'),
    was && is && was.low > 0 ? counted(factor, 'count', Math.round(is.value / was.value), 1, was.high === null ? 0 : Math.floor(is.low / was.high), is.high === null ? null : Math.ceil(is.high / was.low)) : missing(factor, 'count', first ? 'there was no new connection before the break to hold it against' : reason),
    rate(heal, highestOf(peaks.flatMap(({ healed }) => healed ?? [])), 'no database answered for a second after the heal'),
    ...(first ? [refusedBy(peaks), counted(most, 'count', Math.max(...peaks.map(({ open }) => open)), peaks.length)] : [missing(refused, 'count', reason), missing(most, 'count', reason)]),
  ];
}

/** The highest of several servers: none of them had more than the highest upper bound, and where one has none, nobody knows. */
function highestOf(rates: readonly Rate[]): Rate | null {
  const [first] = rates.toSorted((a, b) => b.value - a.value);
  const highs = rates.flatMap(({ high }) => high ?? []);
  return first ? { ...first, low: Math.max(...rates.map(({ low }) => low)), high: highs.length < rates.length ? null : Math.max(...highs) } : null;
}

/** Of a server that was started again nobody knows how many more it had refused. */
function refusedBy(peaks: readonly Peak[]): Measure {
  const sum = peaks.reduce((total, one) => total + one.refused, 0);
  return counted('connections.refused', 'count', sum, peaks.length, sum, peaks.some(({ forgot }) => forgot) ? null : sum);
}

function ofDoors(history: History, course: Course | null): Measure[] {
  const doors = doorsOf(history);
  const reason = doors === null ? 'no client that keeps its connections was watched: one that opens one a time has no storm of its own' : 'no fault was proven';
  const [before, after] = [course && doors?.over(course.from, course.low), course && doors?.peak(course.low, course.to)];
  return [before ? rated('connections.doors.baseline', before) : missing('connections.doors.baseline', 'a second', reason), after ? rated('connections.doors.peak', after) : missing('connections.doors.peak', 'a second', reason)];
}

function rated(name: string, { value, low, high, n }: Pick<Rate, 'value' | 'low' | 'high' | 'n'>): Measure {
  const round = (one: number) => Math.round(one * 10) / 10;
  return counted(name, 'a second', round(value), n, round(low), high === null ? null : round(high));
}

function say(named: (name: (typeof names)[number]) => Measure, { peaks, limit }: Details, course: Course | null, maxPeak: number | undefined, maxRefused: number | undefined): string {
  const [first] = peaks;
  const told = (name: (typeof names)[number]) => sayMeasure(named(name));
  if (!first || !course) return `How many new connections the break made is not known: ${named('connections.peak').reason}.`;
  const factor = named('connections.factor').value;
  const said = [`New connections to the database in ${first.region}: ${told('connections.baseline')} before the break`
    + (first.broken ? `, ${told('connections.peak')} at most in it, ${saySeconds(Math.max(0, first.broken.at - course.low))} after it began${factor === null ? '' : ` (${factor} times as many)`}` : '')
    + (named('connections.heal.peak').value === null ? '.' : `; at most ${told('connections.heal.peak')} at a database after the heal.`)];
  const refusing = peaks.filter(({ refused }) => refused > 0).map(({ region, refused }) => `${refused.toLocaleString('en-US')} in ${region}`);
  said.push(refusing.length > 0 ? `Refused, because a server takes ${limit} at a time: ${refusing.join(', ')}.` : `None was refused; at most ${named('connections.most').value} were seen open at once, of ${limit}.`);
  const limits = [maxPeak === undefined ? [] : [`${maxPeak} a second`], maxRefused === undefined ? [] : [`${maxRefused} refused`]].flat();
  return limits.length === 0 ? said.join(' ') : `${said.join(' ')} Allowed were ${limits.join(' and ')}.`;
}
