import { expect, test } from '@jest/globals';
import type { Entry } from '../../history.ts';
import { accountOf, stalledFor, type Account } from './disturbed.ts';

const instrument = { everyMs: 100, timeoutMs: 100, stableMs: 500 };
const planted = { mode: 'refused', from: { low: 20_000, high: 20_001 }, to: { low: 40_000, high: 40_001 } };
/** A look every 10 ms, but for where the agent stood still; it tells the longest such time every 5 s. */
function watched(stalls: readonly (readonly [from: number, to: number])[]): Entry[] {
  const still = (at: number) => stalls.some(([from, to]) => at > from && at < to);
  const looks = Array.from({ length: 6_000 }, (_, index) => index * 10).filter((at) => !still(at)).map((at) => ({ kind: 'sample', started: at }) as Entry);
  const gaps = Array.from({ length: 12 }, (_, index) => (index + 1) * 5_000).map((at) => ({ kind: 'gap', at, stallMax: Math.max(0, ...stalls.filter(([from]) => from >= at - 5_000 && from < at).map(([from, to]) => to - from)) }) as Entry);
  return [...looks, ...gaps];
}
const told = (stalls: readonly (readonly [from: number, to: number])[]): Account => accountOf(watched(stalls));

test('a stall near an end counts whole', () => {
  expect(stalledFor(told([[20_100, 20_300]]), planted, instrument)).toBeGreaterThanOrEqual(200);
  expect(stalledFor(told([[39_500, 39_700]]), planted, instrument)).toBeGreaterThanOrEqual(200);
});

test('stalls within the time of one look count together, and each for what the agent may not have told of it', () => {
  expect(stalledFor(told([[20_100, 20_180], [20_190, 20_260]]), planted, instrument)).toBeGreaterThanOrEqual(150);
  const short = told([[20_100, 20_300]]).gaps.map((gap) => ({ ...gap, stallMax: Math.max(0, gap.stallMax - 20) }));
  expect(stalledFor({ ...told([[20_100, 20_300]]), gaps: short }, planted, instrument)).toBeGreaterThanOrEqual(200);
});

test('one in the middle of the outage, or in the same few seconds but not near its end, does not', () => {
  expect(stalledFor(told([[30_000, 30_900]]), planted, instrument)).toBeLessThan(50);
  expect(stalledFor(told([[17_000, 17_900], [23_000, 23_900]]), planted, instrument)).toBeLessThan(50);
});

test('without a stall a pause of the looks is none', () => {
  const entries = watched([]).filter((entry) => entry.kind !== 'sample' || entry.started < 20_100 || entry.started > 20_900);
  expect(stalledFor(accountOf(entries), planted, instrument)).toBe(0);
});
