import { describe, expect, test } from '@jest/globals';
import { failoverTime } from '../../checks/failover-time.ts';
import { tick } from '../../ticker.ts';
import { loadMutated, type Mutation } from '../mutate.ts';
import { plantStages } from '../stages.ts';
import { plantVirtual, type VirtualMode } from './virtual.ts';

type Planting = typeof plantVirtual;
type Check = typeof failoverTime;
type Lie = readonly [says: string, Mutation, RegExp];

const modes: readonly VirtualMode[] = ['refused, for good', 'silent, for good', 'refused, from the start', 'short, refused', 'short, silent', 'short, sent again', 'blip, refused', 'refused', 'refused twice, unseen between'];
const outageMisses = async (plant: Planting): Promise<string[]> => (await Promise.all(modes.map((mode) => plant(tick, mode, 40, 'lies', 3_000)))).flat().flatMap(({ misses }) => misses);
const stageMisses = (check: Check): string[] => plantStages(check, 75, 'lies').flatMap(({ misses }) => misses);

const outage = (find: string, put: string): Mutation => ({ file: 'judge/outage.ts', find, put });
const bounds = (find: string, put: string): Mutation => ({ file: 'judge/bounds.ts', find, put });
const recovery = (find: string, put: string): Mutation => ({ file: 'judge/recovery.ts', find, put });
const check = (find: string, put: string): Mutation => ({ file: 'checks/failover-time.ts', find, put });
const sights = (find: string, put: string): Mutation => ({ file: 'checks/failover/sights.ts', find, put });
const pace = (find: string, put: string): Mutation => ({ file: 'checks/failover/pace.ts', find, put });
const stages = (find: string, put: string): Mutation => ({ file: 'checks/failover/stages.ts', find, put });

const ofOutages: readonly Lie[] = [
  ['an outage that does not end was none', outage('return open ? [...found, close(open, known, null)] : found;', 'return found;'), /not measured at all/],
  ['an outage ends when nobody looks any more', outage('const high = back === null ? null : mostMs(', 'const high = back === null ? last.ended - first.started : mostMs('), /upper bound of what nobody saw whole/],
  ['an outage begins with the first look', ({ file: 'judge/upper.ts', find: 'if (!before) return null;', put: 'if (!before) return (looks[back] as Looked).ended - (looks[first] as Looked).started;' }), /upper bound of what nobody saw whole/],
  ['what was cut off was whole', outage('censored: high === null,', 'censored: false,'), /not said to be cut off/],
  ['the longest was whole', outage('censored: longest.censored || outage.censored', 'censored: longest.censored'), /not said to be cut off/],
  ['an open outage has lasted for no time', outage('now.low = Math.max(now.low, look.started - now.firstEnded);', 'now.low = Math.max(now.low, Math.min(500, look.started - now.firstEnded));'), /far below what was observed/],
  ['whoever knocked first was let in first', { file: 'judge/upper.ts', find: 'if (look.ok && look.ended <= lastStarted) before = look;', put: 'if (look.ok) before = look;' }, /longer than the upper bound/],
  ['one bad look is none', outage('found.push(close(open, known, back));', 'if (open.n > 1) found.push(close(open, known, back));'), /not measured at all, though a look must have failed|too long to have hidden/],
  ['what nobody looked at was bad all through', outage('now.firstEnded = apart ? look.ended :', 'now.firstEnded ='), /a least length over a time in which nobody looked/],
  ['a good look after a time in which nobody looked says that it was bad', outage('unseen ||= hole;', 'unseen = hole;'), /a least length over a time in which nobody looked/],
  ['an outage lasts from the last good look', outage('returned.started - first.started : low', 'returned.started - (known[index - 1] ?? first).started : low'), /the point is .* off/],
  ['an outage is over with its last bad look', outage('returned.started - first.started : low', 'last.started - first.started : low'), /the point is .* off/],
];

const ofStages: readonly Lie[] = [
  ['who never recovered did at the last bad look', check("const atLeast = Math.max(0, course.lastBad.started - zero.high);\n  return lasting(name, { value: atLeast, low: atLeast, high: null }, n, true);", 'const atLeast = Math.max(0, course.lastBad.started - zero.high);\n  return lasting(name, { value: atLeast, low: atLeast, high: atLeast }, n);'), /rto: it was not over at the heal.* at most/],
  ['whose pace never recovered did at the last slow look', check("const atLeast = Math.max(0, (course.lastBad?.started ?? sights.zero.high) - sights.zero.high);\n  return lasting(name, { value: atLeast, low: atLeast, high: null }, n, true);", "const atLeast = Math.max(0, (course.lastBad?.started ?? sights.zero.high) - sights.zero.high);\n  return lasting(name, { value: atLeast, low: atLeast, high: atLeast }, n);"), /paced: it was not over at the heal.* at most/],
  ['who never recovered was away for no time', check("const atLeast = Math.max(0, course.lastBad.started - zero.high);", 'const atLeast = 0;'), /rto: .* were observed, and only 0 s/],
  ['every length is zero', bounds('value: positive(to.at - from.at)', 'value: 0'), /outside of its own bounds/],
  ['every point is the least', bounds('value: positive(to.at - from.at)', 'value: positive(to.low - from.high) / 2'), /outside of its own bounds/],
  ['every least is seven seconds less', bounds('low: positive(to.low - from.high)', 'low: positive(to.low - from.high - 7_000)'), /ms wide/],
  ['every most is ten seconds more', bounds('high: positive(to.high - from.low)', 'high: positive(to.high - from.low + 10_000)'), /ms wide/],
  ['a most is as much as the point', bounds('high: positive(to.high - from.low)', 'high: positive(to.at - from.at)'), /is not within/],
  ['the point passes', bounds('measure.high !== null && measure.high <= max ?', 'measure.value <= max ?'), /ruled pass by/],
  ['the point fails', bounds("if (measure.low > max) return 'fail';", "if (measure.value > max) return 'fail';"), /ruled fail by/],
  ['nothing fails', bounds("if (measure.low > max) return 'fail';", ''), /demand fail/],
  ['what was cut off may pass', bounds("return !measure.censored && measure.high !== null && measure.high <= max ? 'pass'", "return measure.high === null || measure.high <= max ? 'pass'"), /not over at the heal/],
  ['what is not known passes', bounds("return rulings.includes('inconclusive') ? 'inconclusive' : 'pass';", "return 'pass';"), /ruled pass by/],
  ['one of two objectives is enough', bounds("if (rulings.includes('fail')) return 'fail';", "if (rulings.every((ruling) => ruling === 'fail')) return 'fail';"), /demand fail/],
  ['what was not measured passes', bounds("if (measure.value === null || measure.low === null) return 'inconclusive';", "if (measure.value === null || measure.low === null) return 'pass';"), /nothing was measured/],
  ['back for a moment is back for good', recovery('history.run.stableMs', '0'), /rto: .* is not within/],
  ['who was lost again was not', recovery('else relapse ??= look;', ''), /ruled pass by/],
  ['served by one probe is served', recovery('lanes.some((lane) => lane.last === null || (lane.wasBad && lane.back === null))', 'false'), /rto: .* is not within/],
  ['the first probe that is back tells', recovery('back.started > late.started ? back : late', 'back.started < late.started ? back : late'), /rto: /],
  ['a recovery after the heal counts', recovery('const until = breakEnds(history);', 'const until = Infinity;'), /rto: it was not over at the heal/],
  ['what the system does once it is healed counts', sights('(moment && moment.at < until ? moment : null)', 'moment'), /invented: stage/],
  ['a name that is let go after the heal counts', sights("'let go': letGoOfReference(history, zero.low, until)", "'let go': letGoOfReference(history, zero.low, Infinity)"), /invented: stage.resolve|stage.adopt: /],
  ['marks of the days before count', sights('firstMark(history, what, zero.low, subjects)', 'firstMark(history, what, 0, subjects)'), /stage.detect.db: |detect.db/],
  ['any region that turns unhealthy is the one', sights('mark(marks.unhealthy, [primary])', 'mark(marks.unhealthy)'), /detect.dns: /],
  ['the first write is the first try', sights("look.data?.outcome === 'acked'", "look.data?.outcome !== 'indeterminate'"), /failover.promote: /],
  ['what is measured since the fault is zero', check('lasting(name, between(sights.zero, moment), 1)', 'lasting(name, { value: 0, low: 0, high: 0 }, 1)'), /failover.detect.* is not within 0-0/],
  ['nothing was the longest', check('value: Math.max(...seen.map((one) => one.value))', 'value: 0'), /longest: 0 s lies outside/],
  ['no outage was long', outage('const seen = Math.max(longest.value, outage.point);', 'const seen = 0;'), /longest: 0 s lies outside/],
  ['the longest is that of the first probe', check('clientProbes(history).map((probe) => {\n    const looks', 'clientProbes(history).slice(0, 1).map((probe) => {\n    const looks'), /longest: /],
  ['a lease that was not seen to end was none', stages("if (at['lease awaited'] ?? at['lease over']) return 'lease over';", "if (at['lease over']) return 'lease over';"), /invented: stage.decide/],
  ['a person who was not seen to answer was not asked', stages("return at.asked ?? at.approved ? 'approved'", "return at.approved ? 'approved'"), /invented: stage.decide/],
  ['noise before the fault is a part of it', sights('followClient(history, zero.low)', 'followClient(history, 0)'), /rto: /],
  ['answers before the fault count as slow', pace('return followClient(history, zeroMs, ({ ok,', 'return followClient(history, 0, ({ ok,'), /paced: /],
  ['any app that a mesh puts out is the one', sights('mark(marks.ejected, [`${primary}/app`])', 'mark(marks.ejected)'), /invented: stage.mesh/],
  ['a name is let go before it moves', stages("{ name: 'stage.resolve', from: 'published service'", "{ name: 'stage.resolve', from: 'zero'"), /stage.resolve: /],
  ['a client adopts from the fault on', stages("{ name: 'stage.adopt', from: 'ready'", "{ name: 'stage.adopt', from: 'zero'"), /stage.adopt: /],
  ['a lease is awaited from the death on', stages("{ name: 'stage.lease', from: 'lease awaited'", "{ name: 'stage.lease', from: 'declared dead'"), /stage.lease/],
  ['a person is asked at the fault', stages("{ name: 'stage.person', from: 'asked'", "{ name: 'stage.person', from: 'zero'"), /stage.person/],
  ['a runbook begins at the fault', stages("{ name: 'stage.runbook', from: 'runbook began'", "{ name: 'stage.runbook', from: 'zero'"), /stage.runbook/],
  ['all is there when the name is', stages('moment: laterOf(name, database)', 'moment: name'), /stage.adopt: /],
  ['of two that may be either the point says which', stages('moment: laterOf(name, database)', 'moment: database.at > name.at ? database : name'), /stage.adopt: /],
];

describe('as shipped nothing is missed', () => {
  test('outages without an end, and short ones', async () => { expect(await outageMisses(plantVirtual)).toEqual([]); }, 60_000);
  test('failovers and what is ruled of them', () => { expect(stageMisses(failoverTime)).toEqual([]); }, 60_000);
});

describe('an instrument that lies of outages is found out', () => {
  test.each(ofOutages)('%s', async (_says, mutation, found) => {
    const { plantVirtual: lying } = await loadMutated<{ plantVirtual: Planting }>('calibrate/outages/virtual.ts', mutation);
    expect((await outageMisses(lying)).some((miss) => found.test(miss))).toBe(true);
  }, 60_000);
});

describe('a check that lies of a failover is found out', () => {
  test.each(ofStages)('%s', async (_says, mutation, found) => {
    const { failoverTime: lying } = await loadMutated<{ failoverTime: Check }>('checks/failover-time.ts', mutation);
    expect(stageMisses(lying).some((miss) => found.test(miss))).toBe(true);
  }, 60_000);
});
