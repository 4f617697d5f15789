import { describe, expect, test } from '@jest/globals';
import { measureOf, story, watched } from './fixture.ts';
import type { Details } from './failover/details.ts';
import { failoverTime } from './failover-time.ts';

const probes = [
  watched('front', 'http', 'http'), watched('control', 'http', 'http', { params: { target: 'control' } }),
  watched('writer', 'ledger', 'write'), watched('promotion', 'direct', 'write', { place: 'there' }),
  ...['strict', 'authority-1'].map((server) => watched(`names@${server}`, 'dns', 'dns', { params: { servers: [server], name: 'service' } })),
];

/** T0 in [2000, 2050]; front bad from 2000 to 12900, good from 13000 on (ends 13010); heal at 20000. */
function lost(over: Parameters<typeof story>[0] = {}, until = 13_000) {
  return story({ probes, ...over }).phase(0, 'baseline').phase(1_900, 'break').broken(2_000, 20_000).phase(20_000, 'heal').phase(22_000, 'quiesce')
    .http('front', 0, 22_000, (at) => at >= 2_000 && at < until);
}

describe('failover.rto', () => {
  test('value from the first good look that lasts, bounds from both spans', () => {
    const found = failoverTime.judge(lost().history(), { max: 11_060 });
    // low = FN.started 12900 - T0.high 2050; high = O1.ended 13010 - T0.low 2000.
    expect(measureOf(found, 'failover.rto')).toEqual({ name: 'failover.rto', value: 11, low: 10.85, high: 11.01, unit: 's', censored: false, n: 110 });
    expect(found.ruling).toBe('pass');
    expect(found.because).toContain('11.0 s (10.8-11.0)');
  });

  test('as fast as before: an answer three times as slow as the slowest of a hundred counts as none, but one within 100 ms always counts', () => {
    const told = (slow: (at: number) => number) => {
      const tale = story({ probes }).phase(0, 'stabilise').phase(1_000, 'baseline').phase(14_000, 'break').broken(14_000, 40_000).phase(40_000, 'heal').phase(42_000, 'quiesce');
      for (let at = 1_000; at < 42_000; at += 100) tale.look(at, 'http', 'front', at >= 14_000 && at < 20_000 ? null : { status: 200, servedBy: 'here', connection: 'new', address: '10.0.0.1' }, at >= 14_000 && at < 20_000 ? { ok: false, takes: 100 } : { takes: slow(at) });
      return failoverTime.judge(tale.history(), { maxPaced: 8_000 });
    };
    const slow = told((at) => (at < 14_000 ? 40 : at < 30_000 ? 130 : 50)); // three times 40 is 120
    expect(measureOf(slow, 'failover.rto').value).toBe(6);
    expect(measureOf(slow, 'failover.paced').value).toBe(16);
    expect(slow.ruling).toBe('fail');
    expect(slow.because).toContain('as fast as before');
    const fine = told((at) => (at < 14_000 ? 4 : 90));
    expect(measureOf(fine, 'failover.paced').value).toBe(6);
    expect(fine.ruling).toBe('pass');
    expect(measureOf(failoverTime.judge(lost().history(), {}), 'failover.paced')).toMatchObject({ value: null, reason: expect.stringContaining('fewer than 100 looks') });
  });

  test('an objective inside the bounds is not decided; below them it is missed', () => {
    expect(failoverTime.judge(lost().history(), { max: 10_900 }).ruling).toBe('inconclusive');
    expect(failoverTime.judge(lost().history(), { max: 10_800 }).ruling).toBe('fail');
    expect(failoverTime.judge(lost().history(), {}).ruling).toBe('measured');
  });

  test('not recovered before the heal is censored: at least what was seen', () => {
    const found = failoverTime.judge(lost({}, 21_000).history(), { max: 10_000 });
    expect(measureOf(found, 'failover.rto')).toMatchObject({ value: 17.85, low: 17.85, high: null, censored: true }); // 19900 - 2050
    expect(found.ruling).toBe('fail');
    expect(failoverTime.judge(lost({}, 21_000).history(), { max: 18_000 }).ruling).toBe('inconclusive');
  });

  test('several probes: the latest, and its words when only one of them is lost', () => {
    const both = lost({ client: { probes: ['front', 'writer'], resolver: 'strict' } });
    for (let at = 0; at < 22_000; at += 100) both.write(at, 'writer', at / 100 + 1, at >= 2_000 && at < 15_000 ? 'refused' : 'acked');
    expect(measureOf(failoverTime.judge(both.history(), {}), 'failover.rto')).toMatchObject({ value: 13, low: 12.85, high: 13.01 });

    const standby = story({ probes, client: { probes: ['front', 'writer'], resolver: 'strict' } }).phase(0, 'baseline').broken(2_000, 9_000).phase(9_000, 'heal').http('front', 0, 10_000);
    for (let at = 0; at < 10_000; at += 100) standby.write(at, 'writer', at / 100 + 1, at >= 2_000 && at < 9_500 ? 'indeterminate' : 'acked');
    const found = failoverTime.judge(standby.history(), {});
    expect(measureOf(found, 'failover.rto')).toMatchObject({ censored: true, value: 6.85 }); // 8900 - 2050
    expect(found.because).toContain('lost its writes (writer)');
    expect(found.because).toContain('requests (front) went on');
  });

  test('unproven, unbroken, unnoticed: null, each with its reason', () => {
    const unproven = story({ probes }).phase(0, 'baseline').fault(2_000, 'injecting').fault(2_100, 'unproven').http('front', 0, 9_000).history();
    expect(measureOf(failoverTime.judge(unproven, { max: 1 }), 'failover.rto')).toMatchObject({ value: null, reason: expect.stringContaining('not proven') });
    expect(failoverTime.judge(unproven, { max: 1 }).ruling).toBe('inconclusive');
    const noop = story({ probes, faults: [], impact: null }).phase(0, 'baseline').phase(8_900, 'quiesce').http('front', 0, 9_000).history();
    expect(measureOf(failoverTime.judge(noop, {}), 'failover.rto')).toMatchObject({ value: null, reason: 'nothing was broken' });
    expect(measureOf(failoverTime.judge(noop, {}), 'failover.outage.longest')).toMatchObject({ value: 0, low: 0, high: 0.11 });
    const unnoticed = story({ probes }).phase(0, 'baseline').broken(2_000).http('front', 0, 9_000).history();
    expect(measureOf(failoverTime.judge(unnoticed, {}), 'failover.rto').reason).toContain('saw nothing');
  });
});

describe('stages', () => {
  /** Marks of both ways, the pilot's with an error of 5 ms. */
  const told = lost();
  told.mark(4_000, 'gslb', 'unhealthy', 'here').mark(4_100, 'gslb', 'published', 'app.test', { addresses: ['10.0.0.2'] });
  for (const [at, what, subject] of [[3_000, 'suspected', 'here'], [5_000, 'declared dead', 'here'], [6_000, 'fence failed', 'here'], [6_200, 'stopped', 'there'], [6_300, 'drained', 'there'], [6_500, 'promoted', 'there'], [6_600, 'published', 'db.test']] as const) told.mark(at, 'pilot', what, subject, {}, 5);
  for (let at = 0; at < 12_000; at += 100) {
    told.dns(at, 'names@authority-1', 'authority-1', at < 4_100 ? '10.0.0.1' : '10.0.0.2').dns(at, 'names@strict', 'strict', at < 5_800 ? '10.0.0.1' : '10.0.0.2');
    told.look(at, 'write', 'promotion', { op: `promotion:${at / 100 + 1}`, attempt: 1, outcome: at < 6_500 ? 'refused' : 'acked', server: at < 6_500 ? null : '2', gtid: null, servedBy: null }, { ok: at >= 6_500, seq: at / 100 });
  }
  const found = failoverTime.judge(told.history(), {});
  const details = found.details as Details;

  test.each([
    ['failover.detect.dns', 2, 1.95, 2], ['failover.detect.db', 3, 2.945, 3.005],
    ['failover.promote', 4.5, 4.35, 4.51], // 6400 - 2050, 6500 - 2000, 6510 - 2000
    ['stage.detect.dns', 2, 1.95, 2], ['stage.publish.dns', 0.1, 0.1, 0.1],
    ['stage.resolve', 1.6, 1.6, 1.71], // last old asked at 5700, new answered at 5810
    ['stage.detect.db', 3, 2.945, 3.005], ['stage.decide', 1.2, 1.19, 1.21], ['stage.drain', 0.1, 0.09, 0.11], ['stage.promote', 0.2, 0.19, 0.21], ['stage.publish.db', 0.1, 0.09, 0.11],
    ['stage.adopt', 6.4, 6.295, 6.415], // from 6600 +-5 to the recovery: 12900..13010, best 13000
  ])('%s', (name, value, low, high) => expect(measureOf(found, name)).toMatchObject({ value, low, high, censored: false }));

  test('what was not observed is null, never zero', () => {
    expect(measureOf(found, 'stage.fence')).toMatchObject({ value: null, low: null, reason: 'not observed: fenced' });
    expect(measureOf(failoverTime.judge(lost().history(), {}), 'stage.detect.db').value).toBeNull();
  });

  test('the critical path is the later of the two ways, and the slowest stage on it is named', () => {
    expect(details.criticalPath).toEqual(['stage.detect.db', 'stage.decide', 'stage.drain', 'stage.promote', 'stage.publish.db', 'stage.adopt']);
    expect(details.slowest).toBe('stage.adopt');
    expect(found.because).toContain('adopt');
  });

  test('marks from before time zero do not count', () => {
    const early = lost().mark(1_000, 'gslb', 'unhealthy', 'here').mark(1_000, 'gslb', 'published', 'app.test', { addresses: ['10.0.0.1'] });
    expect(measureOf(failoverTime.judge(early.history(), {}), 'failover.detect.dns').value).toBeNull();
  });

  test('a wait that was not seen to end leaves open when it could be decided', () => {
    const decided = (...marks: readonly (readonly [number, string])[]) => {
      const tale = lost();
      for (const [at, what] of [...marks, [9_000, 'stopped'] as const]) tale.mark(at, 'pilot', what, 'there');
      return measureOf(failoverTime.judge(tale.history(), {}), 'stage.decide');
    };
    expect(decided([5_000, 'declared dead'])).toMatchObject({ value: 4 });
    expect(decided([5_000, 'declared dead'], [5_100, 'lease awaited'], [8_000, 'lease over'])).toMatchObject({ value: 1 });
    expect(decided([5_000, 'declared dead'], [5_100, 'lease awaited'])).toMatchObject({ value: null, reason: 'not observed: lease over' });
    expect(decided([5_000, 'declared dead'], [5_100, 'asked'])).toMatchObject({ value: null, reason: 'not observed: approved' });
  });

  test('every name it promises is there, once', () => {
    expect(found.measures.map(({ name }) => name)).toEqual(failoverTime.measures);
    expect(failoverTime.judge(story().history(), {}).measures.map(({ name }) => name)).toEqual(failoverTime.measures);
  });
});

test('the expectation is the sum of the settings', () => {
  const { expected } = failoverTime.judge(lost().history(), {}).details as Details;
  // interval 1 s, threshold 2, connect timeout 4 s, publish 0.1 s, TTL 2 s: detection 5 to 6 s.
  expect(expected?.detectDns).toEqual({ low: 5, high: 6 });
  // Database: max(2 x 1 s, 4 - 1 s) = 3, then publish 0.1 s: the name decides, with 5.1 s.
  expect(expected?.low).toBe(5.1);
  // Database: 3 + 1 + 1 = 5 s, then 1 + 10 s, then 0.1 + 2 s: 18.1 s; the client 11 + 1 s and 0.1 s.
  expect(expected?.high).toBe(30.2);
  expect(expected?.exceeded).toBe(false);
});

test('a row for each probe that users could be: outages, runs, errors', () => {
  const { probes: rows } = failoverTime.judge(lost().look(19_050, 'http', 'front', null, { takes: 20, ok: false, error: 'refused' }).history(), {}).details as Details;
  expect(rows.map(({ probe }) => probe)).toEqual(['front', 'writer', 'promotion']);
  expect(rows[0]).toMatchObject({ client: true, bad: 111, errors: { 'timed out': 110, refused: 1 }, flaps: 1, downtime: { value: 11.05, low: 10.8 } });
});
