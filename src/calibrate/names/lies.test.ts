import { describe, expect, test } from '@jest/globals';
import { openSenses } from '../../agent/senses.ts';
import { connections } from '../../checks/connections.ts';
import { dnsConvergence } from '../../checks/dns-convergence.ts';
import { dns } from '../../probes/dns.ts';
import { http } from '../../probes/http.ts';
import { ledger } from '../../probes/ledger.ts';
import { reads } from '../../probes/reads.ts';
import { registers } from '../../probes/registers.ts';
import { loadMutated, type Mutation } from '../mutate.ts';
import { plantStorms } from '../storms.ts';
import { plantLooks, type Ways } from './looks.ts';
import { plantNames } from './names.ts';
import { plantResolvers } from './resolvers.ts';

type Lie = readonly [says: string, file: string, find: string, put: string, found: RegExp];

/** What is missed with this instrument. */
const missedBy = {
  names: (of: typeof dnsConvergence) => [
    ...plantNames(of, 10, 'lies').flatMap(({ mode, misses }) => misses.map((miss) => `${mode}: ${miss}`)),
    ...plantResolvers(of, 10, 'lies').flatMap(({ kind, misses }) => (misses ?? []).map((miss) => `resolver ${kind}: ${miss}`)),
  ],
  storms: (of: typeof connections) => plantStorms(of, 36, 'lies').flatMap(({ kind, misses }) => misses.map((miss) => `${kind}: ${miss}`)),
  looks: async (open: typeof openSenses, ways: Ways) => (await plantLooks(open, ways, 28, 'lies')).flatMap(({ kind, misses }) => misses.map((miss) => `${kind}: ${miss}`)),
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

const judged = 'checks/dns-convergence.ts';
const resolver = 'checks/dns/resolver.ts';
const names: readonly Lie[] = [
  ['any convergence is allowed', judged, "ruleBy(measures.find(({ name }) => name === 'dns.convergence.max') as Measure, seconds(asked.max))", "'pass' as const", /ms allowed with .* ruled/],
  ['the median is held against the objective', judged, "ruleBy(measures.find(({ name }) => name === 'dns.convergence.max') as Measure,", "ruleBy(measures.find(({ name }) => name === 'dns.convergence.p50') as Measure,", /ms allowed with .* ruled/],
  ['the slowest is the median', judged, "'dns.convergence.max': 1 }", "'dns.convergence.max': 0.5 }", /dns\.convergence\.max/],
  ['the median is the slowest', judged, "'dns.convergence.p50': 0.5", "'dns.convergence.p50': 1", /dns\.convergence\.p50/],
  ['the 95th percentile is the 90th', judged, "'dns.convergence.p95': 0.95", "'dns.convergence.p95': 0.9", /dns\.convergence\.p95/],
  ['there is no 95th percentile', judged, 'share === 0.95 && lengths.length < leastForP95', 'share === 0.95', /dns\.convergence\.p95/],
  ['four are enough for a 95th percentile', judged, 'export const leastForP95 = 20;', 'export const leastForP95 = 4;', /dns\.convergence\.p95 of/],
  ['where one never let go, nobody held long', judged, '(length) => length.high ?? Number.POSITIVE_INFINITY', '(length) => length.high ?? 0', /dns\.convergence\.max/],
  ['the authorities took no time', judged, 'between({ at: zero.low, ...zero }, moment)', 'between(moment, moment)', /dns\.authority/],
  ['nobody is a violator', judged, "counted('dns.violators', 'resolvers', found,", "counted('dns.violators', 'resolvers', 0,", /0 named, instead of/],
  ['a planted one that was missed is no matter', judged, "planted.some(({ result }) => result === 'missed') ? ['inconclusive'] : []", '[]', /known to be planted/],
  ['planted ones count', judged, 'resolvers.filter(({ planted }) => !planted).map', 'resolvers.map', /counted although it was planted/],
  ['all are critical', judged, 'named ? honest.filter((name) => named.includes(name)) : honest', 'honest', /the only critical one/],
  ['a planted one that was missed was hidden', 'checks/dns/planted.ts', "result: 'missed', because", "result: 'hidden', because", /known to be planted/],
  ['a planted one that was found was missed', 'checks/dns/planted.ts', "result: 'found', because", "result: 'missed', because", /known to be planted/],
  ['nobody held anything', resolver, 'const value = lastOld ? positive(lastOld.started - authority.at) : 0;', 'const value = 0;', /wider than looks leave open|further off/],
  ['the point lies at the next new answer', resolver, 'const value = lastOld ? positive(lastOld.started - authority.at) : 0;', 'const value = positive(nextNew.ended - authority.low) + 1_000;', /is not within|was said/],
  ['low bounds are zero', resolver, 'const low = lastOld ? positive(lastOld.started - authority.high) : 0;', 'const low = 0;', /further off|wider/],
  ['high bounds are far off', resolver, 'high: positive(nextNew.ended - authority.low)', 'high: positive(nextNew.ended - authority.low) + 5_000', /further off|wider/],
  ['high bounds are the value', resolver, 'high: positive(nextNew.ended - authority.low)', 'high: value', /is not within/],
  ['who never gave a new answer let go at the last old one', resolver, 'if (!nextNew) return { value: low, low, high: null };', 'if (!nextNew) return { value: low, low, high: low };', /no new answer came/],
  ['who holds too long never let go', resolver, "if (held && length.high === null) signs.push('never let go');", "if (held) signs.push('never let go');", /did not show never let go/],
  ['nobody never lets go', resolver, "if (held && length.high === null) signs.push('never let go');", '', /showed never let go/],
  ['who raises a TTL gave a stale answer', resolver, "signs.push('raised TTL')", "signs.push('stale answer')", /showed raised TTL/],
  ['who holds too long has raised the TTL', resolver, "if (held) signs.push('held beyond the TTL');", "if (held) signs.push('raised TTL');", /showed held beyond the TTL/],
  ['a stale answer is a raised TTL', resolver, "answers.filter((look) => !isStale(look))", 'answers', /did not show raised TTL|innocent, and named/],
  ['a stale no such name is none', resolver, 'return data?.ede === 3 || data?.ede === 19;', 'return data?.ede === 3;', /showed stale answer/],
  ['a stale answer before the TTL ran out is one', resolver, 'look.started > authority.high + ttlOf(history) + 1_000', 'look.started > 0', /did not show stale answer|innocent, and named/],
  ['no errors after the change', resolver, '!look.ok && look.started >= authority.low', '!look.ok && look.started >= 1e9', /times NXDOMAIN after the move/],
  ['errors before the change came after it', resolver, '!look.ok && look.started >= authority.low', '!look.ok', /times (NXDOMAIN|SERVFAIL) after the move/],
  ['all errors are one', resolver, "errors[look.error ?? 'no answer'] = ", "errors['SERVFAIL'] = ", /times NXDOMAIN after the move/],
  ['nobody flaps', resolver, '{ flaps += 1; moved = false; }', '{ flaps += 0; moved = false; }', /times back/],
  ['every answer is a flap', resolver, '{ flaps += 1; moved = false; }', '{ flaps += 1; }', /times back/],
  ['the highest TTL is the last', resolver, 'ttls.reduce((most, ttl) => Math.max(most, ttl))', 'ttls.at(-1) as number', /a TTL of up to/],
  ['the excess is the whole', resolver, 'seconds(length.value - ttlOf(history))', 'seconds(length.value)', /beyond the TTL/],
  ['an authority changed when it last said the old', 'checks/dns/flip.ts', 'const at = latest(({ nextNew }) => nextNew?.started ?? 0);', 'const at = latest(({ lastOld }) => lastOld?.started ?? 0) - 500;', /./],
  ['the first authority to change is enough', 'checks/dns/flip.ts', 'Math.max(...changes.map(of))', 'Math.min(...changes.map(of))', /dns\.authority/],
  ['the last new answer is the next', 'checks/dns/vantages.ts', 'const nextNew = answers.find((look) =>', 'const nextNew = answers.findLast((look) =>', /further off|wider/],
  ['a stretch of both answers ends with the first new one', 'checks/dns/vantages.ts', 'new_(look) && (lastOld === null || look.started > lastOld.started)', 'new_(look)', /./],
];

describe('names', () => {
  test('as shipped nothing is missed', () => { expect(missedBy.names(dnsConvergence)).toEqual([]); });
  test.each(names)('%s', async (_says, file, find, put, found) => {
    const { dnsConvergence: lying } = await loadMutated<{ dnsConvergence: typeof dnsConvergence }>(judged, { file, find, put } satisfies Mutation);
    expect(missedBy.names(lying).filter((miss) => found.test(miss)).length).toBeGreaterThan(0);
  });
});

const shipped: Ways = { http, registers, ledger, reads, dns };
const set = 'agent/set.ts';
const append = 'agent/append.ts';
const looks: readonly Lie[] = [
  ['a redirect is a page', 'probes/http.ts', 'data.status < 300', 'data.status < 400', /pages: status 30[0-4]/],
  ['status 300 is a page', 'probes/http.ts', 'data.status < 300', 'data.status <= 300', /pages: status 300/],
  ['whatever is not an error of the server is a page', 'probes/http.ts', 'data.status < 300', 'data.status < 500', /pages: status 4/],
  ['only 200 is a page', 'probes/http.ts', 'data.status >= 200 && data.status < 300', 'data.status === 200', /pages: status 20[14]/],
  ['no address is one', 'probes/dns.ts', "seen.addresses.length === 0 ? 'no address' : null", 'null', /names: without an address/],
  ['a name that is not there is', 'probes/dns.ts', "if (seen.rcode !== 'NOERROR') return seen.rcode;\n  return seen.addresses.length === 0 ? 'no address' : null;", "return seen.rcode === 'NOERROR' && seen.addresses.length === 0 ? 'no address' : null;", /names: not there/],
  ['TTLs are not read', 'agent/query.ts', 'ttls.length > 0 ? Math.min(...ttls) : null', 'null', /names: there/],
  ['every answer is NOERROR', 'agent/query.ts', "rcode: rcode ?? 'NOERROR'", "rcode: 'NOERROR'", /names: not there/],
  ['an update that was cut off was refused', set, "  } catch {\n    return sayUpdate(update, 'indeterminate');", "  } catch {\n    return sayUpdate(update, 'refused');", /updates: (cut off|half an answer|no answer)/],
  ['an update was acked with any status', set, "answer.status === 200 && told.data?.outcome === 'acked'", "told.data?.outcome === 'acked'", /updates: acked, it says, with a 500/],
  ['an update was refused with any status', set, "answer.status === 503 && told.data?.outcome === 'refused'", "told.data?.outcome === 'refused'", /updates: refused, it says, with a 200/],
  ['any 503 refuses an update', set, "answer.status === 503 && told.data?.outcome === 'refused'", 'answer.status === 503', /updates: nobody knows/],
  ['what stood there is not told', set, 'found: told.data.found ?? null', 'found: null', /updates: acked/],
  ['who took an update is not told', set, 'server: told.data.server ?? null', 'server: null', /updates: acked/],
  ['which transaction it was is not told', set, 'gtid: told.data.gtid ?? null', 'gtid: null', /updates: acked/],
  ['another slot was set', 'probes/registers.ts', 'slot: (begin + seq) % slots', 'slot: seq % slots', /updates: /],
  ['an update nobody knows of is good', 'probes/registers.ts', "data.outcome === 'acked' ?", "data.outcome !== 'refused' ?", /updates: /],
  ['a write was acked with any status', append, "answer.status === 200 && told.outcome === 'acked'", "told.outcome === 'acked'", /writes: acked, it says, with a 500/],
  ['a write was refused with any status', append, "answer.status === 503 && told.outcome === 'refused'", "told.outcome === 'refused'", /writes: refused, it says, with a 200/],
  ['who took a write is not told', append, 'server: told.server,', 'server: null,', /writes: acked/],
  ['a write nobody knows of is good', 'probes/ledger.ts', "data.outcome === 'acked' ?", "data.outcome !== 'refused' ?", /writes: /],
  ['a read that failed found nothing missing', 'agent/senses.ts', 'if (answer.status !== 200) throw new Error(`status ${answer.status}`);', '', /reads: failing/],
  ['a read begins where the newest is', 'probes/reads.ts', 'Math.max(1, newest - window + 1)', 'Math.max(1, newest)', /reads: second/],
  ['who answered a read is not told', 'agent/senses.ts', 'server: server === undefined || server === null ? null : String(server)', 'server: null', /reads: first/],
  ['who served a page is not told', 'agent/senses.ts', 'servedBy: answer.servedBy, connection', 'servedBy: null, connection', /pages: /],
];

describe('looks', () => {
  test('as shipped nothing is missed', async () => { expect(await missedBy.looks(openSenses, shipped)).toEqual([]); }, 30_000);
  test.each(looks)('%s', async (_says, file, find, put, found) => {
    const mutation: Mutation = { file, find, put };
    const way = /^probes\/(.*)\.ts$/.exec(file)?.[1];
    const missed = way === undefined
      ? await missedBy.looks((await loadMutated<{ openSenses: typeof openSenses }>('agent/senses.ts', mutation)).openSenses, shipped)
      : await missedBy.looks(openSenses, { ...shipped, ...await loadMutated<Partial<Ways>>(file, mutation) });
    expect(missed.filter((miss) => found.test(miss)).length).toBeGreaterThan(0);
  }, 30_000);
});
