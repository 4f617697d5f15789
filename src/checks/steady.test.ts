import { expect, test } from '@jest/globals';
import { measureOf, story } from './fixture.ts';
import { steady } from './steady.ts';

const asked = { probe: 'front', minOkPct: 99, during: 'baseline' as const };
const told = (bad: (at: number) => boolean) => story().http('front', 0, 1_000, () => true).phase(1_000, 'baseline').http('front', 1_000, 11_000, bad);

test('judges the baseline alone, also while it lasts', () => {
  expect(steady.judge(told((at) => at === 2_000).history(), asked)).toMatchObject({ ruling: 'pass' }); // 99 of 100
  const missed = steady.judge(told((at) => at === 2_000 || at === 3_000).history(), asked);
  expect(missed).toMatchObject({ ruling: 'fail', because: expect.stringContaining('98 of 100') });
  expect(measureOf(missed, 'steady.ok')).toMatchObject({ value: 98, n: 100, unit: '%' });
  expect(steady.judge(told(() => false).phase(11_000, 'break').http('front', 11_000, 12_000, () => true).history(), asked).ruling).toBe('pass');
});

test('only the last part of it', () => {
  expect(steady.judge(told((at) => at < 5_000).phase(11_000, 'break').history(), { ...asked, over: 6_000 })).toMatchObject({ ruling: 'pass', because: expect.stringContaining('60 of 60') });
});

test('what told nothing is inconclusive', () => {
  expect(steady.judge(told(() => false).history(), { ...asked, probe: 'other' }).ruling).toBe('inconclusive');
  expect(steady.judge(story().http('front', 0, 1_000).history(), asked).because).toContain('no phase baseline');
});
