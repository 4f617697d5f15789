import { expect, test } from '@jest/globals';
import { delayGrainMs, makeStalls } from './stalls.ts';

/** Looks every grain but while it stands still; asked at these times. Moments in ms. */
function told(stalls: readonly (readonly [from: number, to: number])[], asked: readonly number[]): number[] {
  let now = 0;
  const kept = makeStalls(() => now);
  const answers: number[] = [];
  let looked = 0;
  for (let at = 0; at <= 20_000; at += 5) {
    if (stalls.some(([from, to]) => at >= from && at < to)) continue;
    now = at;
    const due = asked.filter((one) => one <= at)[answers.length];
    if (due !== undefined) answers.push(kept.longest());
    if (at - looked >= delayGrainMs) { kept.look(); looked = at; }
  }
  return answers;
}

test('the longest since it was asked, short of the grain by no more than itself', () => {
  const [first, second] = told([[1_000, 1_300], [3_000, 3_100], [7_000, 7_050]], [5_000, 10_000]);
  expect(first).toBeGreaterThanOrEqual(300 - delayGrainMs);
  expect(first).toBeLessThanOrEqual(300 + 5);
  expect(second).toBeLessThanOrEqual(50 + 5);
});

test('one that makes the asking late is told then', () => {
  const [first] = told([[4_900, 5_200]], [5_000, 10_000]);
  expect(first).toBeGreaterThanOrEqual(300 - delayGrainMs);
});

test('one that begins as it is asked is told the next time', () => {
  const [, second] = told([[5_005, 5_305]], [5_000, 10_000]);
  expect(second).toBeGreaterThanOrEqual(300 - delayGrainMs);
});

test('without a stall none', () => {
  expect(told([], [5_000, 10_000, 15_000])).toEqual([0, 0, 0]);
});
