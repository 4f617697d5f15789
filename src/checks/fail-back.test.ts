import { describe, expect, test } from '@jest/globals';
import { failBack, type Details } from './fail-back.ts';
import { measureOf, story, watched } from './fixture.ts';

const probes = [watched('front', 'http', 'http'), watched('inner', 'http', 'http', { params: { target: { place: 'here', part: 'app' } } }), watched('writer', 'ledger', 'write')];
const rows = { writer: { numbers: [[1, 1]] as const, counts: {} } };

/** Broken at 2000, promoted at 4000, heal 10000, rejoin 12000, fail back 15000-18000; the writer refused where `refused` says. */
function told(refused: (at: number) => boolean = () => false, then: readonly string[] = ['heal', 'rejoin', 'fail back']) {
  const self = story({ probes, client: { probes: ['front', 'writer'], resolver: 'strict' }, then }).phase(0, 'baseline').broken(2_000, 10_000).mark(4_000, 'pilot', 'promoted', 'there').phase(10_000, 'heal').phase(12_000, 'rejoin');
  if (then.includes('fail back')) self.phase(15_000, 'fail back');
  self.phase(18_000, 'quiesce').phase(19_500, 'reconcile');
  for (let at = 9_000; at < 19_500; at += 100) self.write(at, 'writer', at / 100, refused(at) ? 'refused' : 'acked', { server: '2' });
  return self;
}

const confirmed = (self: ReturnType<typeof told>) => self.mark(17_000, 'pilot', 'switched over', 'here').census(19_600, 'here', rows).census(19_700, 'there', rows);

describe('failback.pause', () => {
  test('the longest write outage of the fail-back and what follows it, by the formula', () => {
    const found = failBack.judge(confirmed(told((at) => (at >= 16_000 && at < 16_500) || at === 17_800 || at === 13_000)).history(), { maxPause: 1_000 });
    // L0 15900, F0 16000-16010, FN 16400, O1 16500-16510.
    expect(measureOf(found, 'failback.pause')).toMatchObject({ value: 0.5, low: 0.39, high: 0.61, censored: false });
    expect(found.ruling).toBe('pass');
    expect((found.details as Details).pauses).toEqual([{ from: 16_000, to: 16_500, n: 5 }, { from: 17_800, to: 17_900, n: 1 }]);
  });

  test('a pause that was not seen to end is at least what was seen', () => {
    const found = failBack.judge(confirmed(told((at) => at >= 16_000)).history(), { maxPause: 10_000 });
    expect(measureOf(found, 'failback.pause')).toMatchObject({ value: 2.89, low: 2.89, high: null, censored: true }); // FN 18900 - 16010
    expect(found.ruling).toBe('inconclusive');
  });

  test('no pause is zero, with what could have hidden', () => {
    expect(measureOf(failBack.judge(confirmed(told()).history(), {}), 'failback.pause')).toMatchObject({ value: 0, low: 0, high: 0.11 });
  });

  test('a fail-back that was not asked for, or not reached, is not zero', () => {
    expect(measureOf(failBack.judge(told(() => false, ['heal']).history(), {}), 'failback.pause')).toMatchObject({ value: null, reason: 'this scenario does not fail back' });
    expect(measureOf(failBack.judge(story({ probes, then: ['heal', 'fail back'] }).history(), {}), 'failback.pause').reason).toContain('did not come to');
  });

  test('counts only once the first primary serves again with copies that match', () => {
    expect(failBack.judge(told().history(), { maxPause: 1_000 }).ruling).toBe('inconclusive');
    const apart = told().mark(17_000, 'pilot', 'switched over', 'here').census(19_600, 'here', rows).census(19_700, 'there', rows, { checksum: 'other' });
    expect(failBack.judge(apart.history(), { maxPause: 1_000 }).ruling).toBe('inconclusive');
    expect(failBack.judge(told().mark(17_000, 'pilot', 'switched over', 'here').mark(17_900, 'drill', 'redundant', 'db.test').history(), { maxPause: 1_000 }).ruling).toBe('pass');
  });
});

describe('failback.early', () => {
  test('heal to the first request that a region served before it had rejoined', () => {
    const self = told().http('front', 10_000, 10_700, () => false, 'there').http('inner', 10_100, 10_200, () => false, 'here').http('front', 10_700, 10_800, () => false, 'here').mark(13_000, 'pilot', 'rejoined', 'here');
    const found = failBack.judge(self.history(), {});
    expect(measureOf(found, 'failback.early')).toMatchObject({ value: 0.7, low: 0.7, high: 0.71 });
    expect(found.because).toContain('before its database had rejoined');
  });

  test('after the rejoin it is not early; without a failover nobody has to rejoin', () => {
    const self = told().mark(13_000, 'pilot', 'rejoined', 'here').http('front', 13_000, 14_000, () => false, 'here');
    expect(measureOf(failBack.judge(self.history(), {}), 'failback.early')).toMatchObject({ value: null, reason: expect.stringContaining('no request') });
    const none = story({ probes }).phase(0, 'baseline').broken(2_000, 5_000).phase(5_000, 'heal').http('front', 5_000, 6_000);
    expect(measureOf(failBack.judge(none.history(), {}), 'failback.early').value).toBeNull();
  });
});

test('redundancy counts from time zero and from the heal, once it was seen', () => {
  const found = failBack.judge(told().mark(14_000, 'drill', 'redundant', 'db.test').history(), {});
  expect(measureOf(found, 'redundancy.restored.t0')).toMatchObject({ value: 12, low: 11.95, high: 12 });
  expect(measureOf(found, 'redundancy.restored.heal')).toMatchObject({ value: 4, low: 4, high: 4 });
  expect(measureOf(failBack.judge(told().history(), {}), 'redundancy.restored.heal')).toMatchObject({ value: null, reason: expect.stringContaining('not observed') });
  expect(found.measures.map(({ name }) => name)).toEqual(failBack.measures);
});
