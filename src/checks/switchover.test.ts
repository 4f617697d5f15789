import { expect, test } from '@jest/globals';
import { measureOf, story, watched } from './fixture.ts';
import { switchover, type Details } from './switchover.ts';

const probes = [watched('front', 'http', 'http'), watched('writer', 'ledger', 'write')];

/** Asked at 15000, another phase from 18000; the writer refused where `refused` says. */
function told(refused: (at: number) => boolean, then: readonly string[] = ['switch over']) {
  const self = story({ probes, client: { probes: ['front', 'writer'], resolver: 'strict' }, then }).phase(0, 'baseline');
  if (then.length > 0) self.phase(15_000, 'switch over');
  self.phase(18_000, 'quiesce').phase(19_500, 'reconcile');
  for (let at = 9_000; at < 19_500; at += 100) self.write(at, 'writer', at / 100, refused(at) ? 'refused' : 'acked', { server: '2' });
  return self;
}
const pausing = (at: number) => at >= 16_000 && at < 16_500;

test('the longest write outage of the move, by the formula, and only of the move', () => {
  const found = switchover.judge(told((at) => pausing(at) || (at >= 13_000 && at < 14_000)).mark(16_400, 'pilot', 'switched over', 'there').history(), { maxPause: 1_000 });
  // L0 15900, F0 16000-16010, FN 16400, O1 16500-16510.
  expect(measureOf(found, 'switchover.pause')).toMatchObject({ value: 0.5, low: 0.39, high: 0.61 });
  expect(found.ruling).toBe('pass');
  expect(found.details as Details).toEqual({ writer: 'writer', pauses: [{ from: 16_000, to: 16_500, n: 5 }], movedAt: 16_400 });
  expect(switchover.judge(told(pausing).mark(16_400, 'pilot', 'switched over', 'there').history(), { maxPause: 100 }).ruling).toBe('fail');
});

test('a move that was not seen to be made meets nothing', () => {
  for (const history of [told(pausing).history(), told(pausing).mark(16_400, 'pilot', 'switched over', 'here').history()]) {
    expect(switchover.judge(history, { maxPause: 1_000 })).toMatchObject({ ruling: 'inconclusive', because: expect.stringContaining('That it moved was not seen') });
  }
});

test('no move is no pause of zero', () => {
  expect(measureOf(switchover.judge(told(pausing, []).history(), {}), 'switchover.pause')).toMatchObject({ value: null, reason: 'this scenario does not switch over' });
});
