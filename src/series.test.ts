import { describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drillHistory } from './reporters/fixture.ts';
import { delayOf, finishedIn, longestCycleMs, openSeries, turnOf, type Series } from './series.ts';

const series: Series = { schema: 1, name: 'nightly', scenario: 'smoke', world: 'sim', repeat: 9, seed: 'a1b2c3', withinMs: 10_000, hashes: { scenario: 'aa', settings: 'bb' } };

describe('the wait before a break', () => {
  test('follows from seed and number alone', () => {
    expect(delayOf(series, 3)).toBe(delayOf({ seed: 'a1b2c3', withinMs: 10_000 }, 3));
    expect(delayOf(series, 3)).not.toBe(delayOf(series, 4));
    expect(delayOf(series, 3)).not.toBe(delayOf({ ...series, seed: 'other' }, 3));
    expect(turnOf(series, 3)).toEqual({ name: 'nightly', number: 3, of: 9, seed: 'a1b2c3', delayMs: delayOf(series, 3), withinMs: 10_000 });
  });

  test('lies anywhere in the cycle, and as often in one tenth of it as in another', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let number = 1; number <= 2_000; number += 1) {
      const delay = delayOf(series, number);
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThan(10_000);
      tenths[Math.floor(delay / 1_000)] = (tenths[Math.floor(delay / 1_000)] ?? 0) + 1;
    }
    // Chi-squared with 9 degrees of freedom: 27.9 is passed by one seed in a thousand, and this seed is fixed.
    expect(tenths.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0)).toBeLessThan(27.9);
  });

  test('covers the longest cycle of the system', () => {
    const { topology } = drillHistory().run;
    const { dns, database, failover } = topology.settings;
    expect(longestCycleMs(topology)).toBe(Math.max(dns.interval, dns.ttl, dns.databaseTtl, database.heartbeat, failover.observe));
  });
});

test('a folder holds one series, and says what is different about another', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'regionfall-'));
  try {
    expect(await openSeries(dir, series)).toEqual(series);
    expect(await openSeries(dir, { ...series, seed: 'drawn anew' })).toEqual(series);
    await expect(openSeries(dir, { ...series, repeat: 15 })).rejects.toThrow(/repeat 9, not 15/);
    await expect(openSeries(dir, { ...series, hashes: { scenario: 'aa', settings: 'cc' } })).rejects.toThrow(/settings have changed/);
    expect(await finishedIn(dir)).toEqual(new Map());
  } finally {
    await rm(dir, { recursive: true });
  }
});
