import { describe, expect, test } from '@jest/globals';
import { inStartOrder, isHealthy, trusting, weigh, type Opinion } from './route53.ts';

const [checkers, threshold, quorumPct, runs] = [16, 3, 18, 1_500];

/** A repeatable source of numbers in [0, 1) (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Seconds from a fault to "unhealthy": checks start every `intervalS` at each checker's own phase, and those that start after the fault fail `failsAfterS` later. */
function detect(intervalS: number, failsAfterS: number, random: () => number): number {
  const opinions: Opinion[] = Array.from({ length: checkers }, () => trusting);
  const ends: { at: number; tell: () => void }[] = [];
  for (let checker = 0; checker < checkers; checker += 1) {
    const order = inStartOrder<boolean>((ok) => { opinions[checker] = weigh(opinions[checker] ?? trusting, ok, threshold); });
    const phase = random() * intervalS;
    for (let start = phase - 2 * intervalS; start < 5 * intervalS; start += intervalS) {
      const hand = order.start();
      const ok = start < 0;
      ends.push({ at: ok ? start + 0.05 : start + failsAfterS, tell: () => hand(ok) });
    }
  }
  for (const { at, tell } of ends.sort((a, b) => a.at - b.at)) {
    tell();
    if (!isHealthy(opinions.filter((opinion) => opinion.healthy).length, checkers, quorumPct)) return at;
  }
  return Number.POSITIVE_INFINITY;
}

describe('detection by 16 checkers, threshold 3, 18 per cent, over random phases, is what the arithmetic of Route 53 gives', () => {
  test.each([
    [10, 'refused', 0, 28.4, 29.5],
    [10, 'black hole, HTTP check', 4, 32.4, 33.5],
    [10, 'black hole, TCP check', 10, 38.4, 39.5],
    [30, 'refused', 0, 85, 88],
    [30, 'black hole, HTTP check', 4, 89, 92],
    [30, 'black hole, TCP check', 10, 95, 98],
  ])('interval %d s, %s (fails after %d s): p50 %d s, p95 %d s', (intervalS, _how, failsAfterS, p50, p95) => {
    const random = seeded(53);
    const seen = Array.from({ length: runs }, () => detect(intervalS, failsAfterS, random)).sort((a, b) => a - b);
    expect(Math.abs((seen[Math.floor(runs * 0.5)] ?? 0) - p50)).toBeLessThanOrEqual(0.5);
    expect(Math.abs((seen[Math.floor(runs * 0.95)] ?? 0) - p95)).toBeLessThanOrEqual(0.5);
  });
});
