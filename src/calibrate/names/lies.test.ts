import { describe, expect, test } from '@jest/globals';
import { connections } from '../../checks/connections.ts';
import { loadMutated, type Mutation } from '../mutate.ts';
import { plantStorms } from '../storms.ts';

type Lie = readonly [says: string, file: string, find: string, put: string, found: RegExp];

/** What is missed with this instrument. */
const missedBy = {
  storms: (of: typeof connections) => plantStorms(of, 36, 'lies').flatMap(({ kind, misses }) => misses.map((miss) => `${kind}: ${miss}`)),
} as const;

const rates = 'checks/connections/rates.ts';
const doors = 'checks/connections/doors.ts';
const storms: readonly Lie[] = [
  ['any peak is allowed', 'checks/connections.ts', "ruleBy(named('connections.peak'), maxPeak)", "'pass' as const", /ruled: maxPeak/],
  ['any number of refusals is allowed', 'checks/connections.ts', "ruleBy(named('connections.refused'), maxRefused)", "'pass' as const", /ruled: maxRefused/],
  ['rates are zero', rates, 'return { value: perSecond(last.started - first.started),', 'return { value: 0,', /peak: /],
  ['rates may be zero', rates, 'low: perSecond(last.ended - first.started)', 'low: 0', /wider than looks leave open/],
  ['a storm may have been of any height', rates, 'Math.max(found.value, most)', '1e9', /wider than looks leave open/],
  ['before the break there may have been any number', rates, 'high: perSecond(last.started - first.ended)', 'high: 1e9', /around it: before the break/],
  ['the baseline ends when all is over', 'checks/connections.ts', 'watch.over(from, low)', 'watch.over(from, to)', /around it: before the break/],
  ['the baseline is nothing', 'checks/connections.ts', 'rate(baseline, was,', "rate(baseline, was && { ...was, value: 0, low: 0, high: 0 },", /around it: before the break/],
  ['a storm is as many as usual', 'checks/connections.ts', 'Math.round(is.value / was.value)', '1', /around it: times as many/],
  ['a storm is at most as many as usual', 'checks/connections.ts', 'Math.ceil(is.high / was.low)', '1', /around it: times as many/],
  ['a storm may be any number of times as many', 'checks/connections.ts', 'Math.ceil(is.high / was.low)', '1e9', /around it: times as many/],
  ['there is no storm after the heal', 'checks/connections.ts', 'rate(heal, highestOf(peaks.flatMap(({ healed }) => healed ?? [])),', 'rate(heal, { value: 0, low: 0, high: 0, at: 0, n: 0 },', /around it: after the heal/],
  ['the storm of the break is that after the heal', 'checks/connections.ts', 'watch.peak(heal, to)', 'watch.peak(low, to)', /around it: after the heal/],
  ['the peak of one server is that of all', 'checks/connections.ts', 'highs.length < rates.length ? null : Math.max(...highs)', 'first.high', /quiet: /],
  ['one of several servers has seen the storm', 'checks/connections.ts', '.sort((a, b) => (b.broken?.value ?? 0) - (a.broken?.value ?? 0))', '', /around it: /],
  ['none is open', 'checks/connections.ts', "Math.max(...peaks.map(({ open }) => open))", '0', /open at once, instead of/],
  ['the fewest open are the most', 'checks/connections.ts', "Math.max(...peaks.map(({ open }) => open))", 'Math.min(...peaks.map(({ open }) => open))', /open at once, instead of/],
  ['what a server refused before it fell is forgotten', rates, 'refused: carried.refused + last.refused', 'refused: 0', /refused: .* instead of/],
  ['at most what was refused is known after a restart', 'checks/connections.ts', 'peaks.some(({ forgot }) => forgot) ? null : sum', 'sum', /refused: .* instead of/],
  ['refused on one server is refused', 'checks/connections.ts', 'peaks.reduce((total, one) => total + one.refused, 0)', 'peaks[0]?.refused ?? 0', /refused: .* instead of/],
  ['a bad answer on a kept connection made a new one', doors, "data ? data.connection === 'new' : !ok", "data?.connection === 'new' || !ok", /doors: /],
  ['what failed unseen made none', doors, "data ? data.connection === 'new' : !ok", "data?.connection === 'new'", /doors: /],
  ['what failed unseen surely made one', doors, 'may.filter(({ data }) => data !== null)', 'may', /doors: /],
  ['a connection is made when its look ends', doors, 'filter(({ started }) => started >= from)', 'filter(({ started }) => started >= 0)', /doors: /],
  ['nobody came in before the break', 'checks/connections.ts', "rated('connections.doors.baseline', before)", "rated('connections.doors.baseline', { ...before, value: 0, low: 0, high: 0 })", /doors: doors before/],
  ['nobody came in after it', 'checks/connections.ts', "rated('connections.doors.peak', after)", "rated('connections.doors.peak', { ...after, value: 0, low: 0, high: 0 })", /doors: doors at most/],
  ['any number may have come in', doors, 'high: Math.max(best.value, most)', 'high: 1e9', /doors: doors at most/],
  ['the doors are as busy as usual', 'checks/connections.ts', 'doors?.peak(course.low, course.to)', 'doors?.peak(course.from, course.low)', /doors: doors at most/],
];

describe('connections', () => {
  test('as shipped nothing is missed', () => { expect(missedBy.storms(connections)).toEqual([]); });
  test.each(storms)('%s', async (_says, file, find, put, found) => {
    const { connections: lying } = await loadMutated<{ connections: typeof connections }>('checks/connections.ts', { file, find, put } satisfies Mutation);
    expect(missedBy.storms(lying).filter((miss) => found.test(miss)).length).toBeGreaterThan(0);
  });
});
