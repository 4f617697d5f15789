import { expect, test } from '@jest/globals';
import { cohortsFor, modelPopulation, stillOldPct, stretchersPct } from './population.ts';

test('everybody is in one cohort, and the published share stretches', () => {
  const cohorts = cohortsFor(60_000);
  expect(cohorts.reduce((sum, { sharePct }) => sum + sharePct, 0)).toBeCloseTo(100, 9);
  expect(cohorts.filter(({ holdMs }) => holdMs > 60_000).reduce((sum, { sharePct }) => sum + sharePct, 0)).toBeCloseTo(stretchersPct, 9);
});

test('the closed form is what a million drawn resolvers do', () => {
  // A slow and obvious model: each resolver lives through fetches, expiries and waits until some random moment, the move; what it has left then is counted.
  let state = 12_345;
  const random = () => { state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff; return state / 0x7fffffff; };
  const [ttl, k] = [60_000, 3];
  const sparse = cohortsFor(ttl)[1];
  if (!sparse) throw new Error('no sparse cohort');
  let [old, drawn] = [0, 0];
  const after = 20_000;
  for (let one = 0; one < 20_000; one += 1) {
    const move = 1e6 + random() * 1e6;
    for (let at = random() * ttl; ; ) {
      const expires = at + ttl;
      if (move < expires) { if (move >= at && expires - move > after) old += 1; break; }
      at = expires + -Math.log(1 - random()) * k * ttl;
      if (move < at) break;
    }
    drawn += 1;
  }
  // 20,000 draws at a share of about 0.17: three standard errors are 0.008.
  expect(Math.abs(old / drawn - stillOldPct({ ...sparse, sharePct: 100 }, after) / 100)).toBeLessThan(0.008);
});

test('with a TTL of a minute half have let go within half a minute, and the last hold on for an hour', () => {
  const { after, letGo } = modelPopulation(60_000);
  const total = (seconds: number) => after.find((one) => one.seconds === seconds)?.old.reduce((sum, one) => sum + one, 0) ?? Number.NaN;
  expect(total(0)).toBe(1_000_000 - Math.round(0.75 * 0.5 * (100 - stretchersPct) * 10_000));
  expect(total(60)).toBeLessThan(stretchersPct * 10_000);
  expect(total(60)).toBeGreaterThan(0.85 * stretchersPct * 10_000);
  expect(total(1_800)).toBeGreaterThan(0);
  const at = (pct: number) => letGo.find((one) => one.pct === pct)?.seconds ?? Number.NaN;
  expect(at(50)).toBeLessThan(30);
  expect(at(90)).toBeLessThan(60);
  expect(at(99)).toBeGreaterThan(1_800);
});

test('a TTL longer than what stretchers stretch to is nobody\'s fault', () => {
  expect(cohortsFor(7_200_000).every(({ holdMs }) => holdMs === 7_200_000)).toBe(true);
});
