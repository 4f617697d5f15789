import { describe, expect, test } from '@jest/globals';
import type { Resolver } from '../topology.ts';
import { dnsConvergence, type Details } from './dns-convergence.ts';
import { measureOf, story, watched } from './fixture.ts';

const base = story().history().run.topology;
const [old, current] = ['10.0.0.1', '10.0.0.2'];

/** Authorities asked every 100 ms change at 4100 and 4200, T0 in [2000, 2050], fail back at 20000; TTL 2 s. Each resolver goes over when `until` says. */
function told(resolvers: Readonly<Record<string, number>>, over: { known?: readonly Resolver[]; ttl?: Readonly<Record<string, number>>; end?: number; authorities?: readonly (number | null)[] } = {}) {
  const { known = Object.keys(resolvers).map((name): Resolver => ({ name, kind: 'strict', planted: false })), ttl = {}, end = 20_000, authorities = [4_100, 4_200] } = over;
  const servers = [...authorities.map((_, index) => `authority-${index + 1}`), ...Object.keys(resolvers)];
  const probes = servers.map((server) => watched(`names@${server}`, 'dns', 'dns', { params: { servers: [server], name: 'service' } }));
  const self = story({ probes, topology: { ...base, resolvers: known } }).phase(0, 'baseline').broken(2_000).phase(end, 'fail back');
  for (let at = 0; at < end + 1_000; at += 100) {
    authorities.forEach((change, index) => self.dns(at, `names@authority-${index + 1}`, `authority-${index + 1}`, at < (change ?? Number.POSITIVE_INFINITY) ? old : current));
    for (const [name, change] of Object.entries(resolvers)) self.dns(at, `names@${name}`, name, at < change ? old : current, ttl[name] ?? 2);
  }
  return self;
}

const resolverOf = (found: { details?: unknown }, name: string) => (found.details as Details).resolvers.find((resolver) => resolver.name === name);

describe('convergence', () => {
  const found = dnsConvergence.judge(told({ a: 5_000, b: 4_300, c: 6_000 }).history(), { max: 2_000 });

  test('the authority is the last of them to change', () => {
    // Last old of authority-2 asked at 4100, new answered at 4210: value 4200 - 2000.
    expect(measureOf(found, 'dns.authority')).toMatchObject({ value: 2.2, low: 2.05, high: 2.21 });
  });

  test('last old answer after it, bounded by the next new one', () => {
    // c: last old asked 5900; 5900 - 4200, least 5900 - 4210, most 6010 - 4100.
    expect(measureOf(found, 'dns.convergence.max')).toEqual({ name: 'dns.convergence.max', value: 1.7, low: 1.69, high: 1.91, unit: 's', censored: false, n: 3 });
    expect(measureOf(found, 'dns.convergence.p50')).toMatchObject({ value: 0.7, low: 0.69, high: 0.91 });
    expect(found.ruling).toBe('pass');
    expect(resolverOf(found, 'b')?.convergence).toMatchObject({ value: 0, low: 0, high: 0.21 });
  });

  test('below twenty vantages there is no p95, with the reason', () => {
    expect(measureOf(found, 'dns.convergence.p95')).toMatchObject({ value: null, reason: 'needs 20 resolvers, there are 3' });
    const twenty = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`r${index}`, 4_300 + 100 * index]));
    expect(measureOf(dnsConvergence.judge(told(twenty, { end: 8_000 }).history(), {}), 'dns.convergence.p95')).toMatchObject({ value: 1.8, n: 20 }); // the 19th: 6100, last old 6000
  });

  test('first new is not last old: a cache that flaps', () => {
    const flapping = told({ a: 4_500 }).dns(5_500, 'names@a', 'a', old);
    const seen = dnsConvergence.judge(flapping.history(), {});
    expect(measureOf(seen, 'dns.convergence.max')).toMatchObject({ value: 1.3 }); // 5500 - 4200
    expect(resolverOf(seen, 'a')).toMatchObject({ flaps: 1, firstNew: 4_500, lastOld: 5_500 });
  });

  test('old to the end of the window is censored', () => {
    const stuck = dnsConvergence.judge(told({ a: 19_900, b: 4_300, c: 99_000 }).history(), { max: 90_000 });
    expect(resolverOf(stuck, 'c')?.convergence).toMatchObject({ value: 15.69, low: 15.69, high: null, censored: true }); // 19900 - 4210
    expect(measureOf(stuck, 'dns.convergence.max')).toMatchObject({ value: 15.69, censored: true });
    expect(stuck.ruling).toBe('inconclusive');
  });

  test('the window ends where the name moves back by itself', () => {
    const back = told({ a: 4_500 }).mark(4_210, 'gslb', 'published', 'app.test', { addresses: [current] }).mark(9_000, 'gslb', 'published', 'app.test', { addresses: [old] }).dns(9_500, 'names@a', 'a', old);
    expect(measureOf(dnsConvergence.judge(back.history(), {}), 'dns.convergence.max')).toMatchObject({ value: 0.2 });
  });

  test('a name that wavers has moved when it last moved and stayed', () => {
    const wavering = told({ a: 5_500 }, { authorities: [5_000] }).mark(3_000, 'gslb', 'published', 'app.test', { addresses: [current] }).mark(3_200, 'gslb', 'published', 'app.test', { addresses: [old] }).mark(4_950, 'gslb', 'published', 'app.test', { addresses: [current] });
    wavering.dns(3_110, 'names@authority-1', 'authority-1', current);
    const seen = dnsConvergence.judge(wavering.history(), {});
    expect(measureOf(seen, 'dns.authority')).toMatchObject({ value: 3, low: 2.85, high: 3.01 }); // last old 4900 - 2050, new 5000..5010 - 2000
    expect(measureOf(seen, 'dns.convergence.max')).toMatchObject({ value: 0.4 });
    expect(seen.because).toContain('moved away 2 times');
  });

  test('only the service`s name counts', () => {
    const other = told({ a: 4_500 });
    const history = other.history();
    const database = { ...history, run: { ...history.run, probes: history.run.probes.map((probe) => ({ ...probe, params: { ...probe.params, name: 'database' } })) } };
    expect(measureOf(dnsConvergence.judge(database, {}), 'dns.convergence.max').value).toBeNull();
  });

  test('authorities that nobody asked: their own word counts; one that never changed does not converge', () => {
    const mark = told({ a: 4_500 }, { authorities: [] }).mark(4_250, 'gslb', 'published', 'app.test', { addresses: [current] }, 10);
    expect(measureOf(dnsConvergence.judge(mark.history(), {}), 'dns.authority')).toMatchObject({ value: 2.25, low: 2.19, high: 2.26 });
    const half = dnsConvergence.judge(told({ a: 4_500 }, { authorities: [4_100, null] }).history(), { max: 1_000 });
    expect(measureOf(half, 'dns.authority')).toMatchObject({ value: null, reason: 'authority-2 never changed to the new answer' });
    expect(half.ruling).toBe('inconclusive');
    expect(dnsConvergence.judge(told({ a: 4_500 }, { authorities: [null] }).history(), {}).ruling).toBe('measured');
  });
});

describe('violators', () => {
  test('held beyond TTL, rounding and one interval: 2 + 1 + 0.1 s after the last moment the authorities may have changed', () => {
    const honest = dnsConvergence.judge(told({ a: 7_400 }).history(), {}); // last old 7300 - 4210 = 3090 ms
    expect(resolverOf(honest, 'a')?.signs).toEqual([]);
    const guilty = dnsConvergence.judge(told({ a: 7_500 }).history(), {}); // 7400 - 4210 = 3190 ms
    expect(resolverOf(guilty, 'a')?.signs).toEqual(['held beyond the TTL']);
    expect(guilty.because).toContain('a is a suspected violator');
    expect(measureOf(guilty, 'dns.violators')).toMatchObject({ value: 1, n: 1 });
    expect(resolverOf(guilty, 'a')?.excess).toBe(1.2); // 7400 - 4200 - 2000
  });

  test('a TTL higher than the authority gives', () => {
    expect(resolverOf(dnsConvergence.judge(told({ a: 4_500 }, { ttl: { a: 300 } }).history(), {}), 'a')?.signs).toEqual(['raised TTL']);
    expect(resolverOf(dnsConvergence.judge(told({ a: 4_500 }, { ttl: { a: 3 } }).history(), {}), 'a')?.signs).toEqual([]);
  });

  test('blind time names nobody', () => {
    const history = told({ a: 9_000 }).history();
    const blind = { ...history, entries: [...history.entries, { kind: 'blind' as const, at: 0, probe: 'names@a', place: 'outside', from: 4_500, to: 15_000, why: '' }] };
    const found = dnsConvergence.judge(blind, {});
    expect(resolverOf(found, 'a')).toMatchObject({ signs: [], convergence: { low: 0.19, high: 10.91 } }); // 4400 - 4210; next look 15000
  });

  const planted = (minTtlMs: number): readonly Resolver[] => [{ name: 'a', kind: 'strict', planted: false }, { name: 'stretch', kind: 'stretch', minTtlMs, planted: true }];

  test('a planted one is found, and never counts against the objective, not even named', () => {
    const found = dnsConvergence.judge(told({ a: 4_500, stretch: 99_000 }, { known: planted(300_000) }).history(), { max: 1_000, critical: ['a', 'stretch'] });
    expect(found).toMatchObject({ ruling: 'pass', because: expect.stringContaining('the violator that was planted, and found') });
    expect((found.details as Details).planted).toEqual([{ name: 'stretch', result: 'found', because: 'held beyond the TTL, never let go' }]);
    expect(measureOf(found, 'dns.convergence.max').n).toBe(1);
  });

  test('a planted one that looked honest was missed, unless this run could not show it', () => {
    const missed = dnsConvergence.judge(told({ a: 4_500, stretch: 4_500 }, { known: planted(300_000) }).history(), { max: 1_000 });
    expect(missed).toMatchObject({ ruling: 'inconclusive', because: expect.stringContaining('the instrument missed it') });
    expect(dnsConvergence.judge(told({ a: 4_500, stretch: 4_500 }, { known: planted(300_000) }).history(), {}).ruling).toBe('inconclusive');
    // Filled at 0 and again at 4000: at 4200 it holds the answer for 3800 ms more, too little beyond what is allowed (3100) to be sure of.
    expect((dnsConvergence.judge(told({ a: 4_500, stretch: 4_500 }, { known: planted(4_000) }).history(), {}).details as Details).planted[0]?.result).toBe('hidden');
    expect(dnsConvergence.judge(told({ a: 4_500, stretch: 4_500 }, { known: planted(300_000), end: 7_000 }).history(), {}).ruling).toBe('measured');
  });
});

test('every name it promises is there, whatever happened', () => {
  for (const history of [told({ a: 4_500 }).history(), story().history()]) expect(dnsConvergence.judge(history, {}).measures.map(({ name }) => name)).toEqual(dnsConvergence.measures);
});
