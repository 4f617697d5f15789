import { describe, expect, test } from '@jest/globals';
import { tick } from '../ticker.ts';
import { loadMutated, type Mutation } from './mutate.ts';
import { plantVirtual, virtualModeNames, type VirtualMode } from './outages/virtual.ts';

type Ticker = { tick: typeof tick };
const telling: readonly VirtualMode[] = ['silent', 'refused', '503'];
const missesOf = async (ticker: typeof tick, modes: readonly VirtualMode[] = telling): Promise<string[]> => {
  const all: string[] = [];
  for (const mode of modes) for (const one of await plantVirtual(ticker, mode, 120, 'mutants', 5_000)) all.push(...one.misses);
  return all;
};
const mutated = async (mutation: Mutation): Promise<typeof tick> => (await loadMutated<Ticker>('ticker.ts', mutation)).tick;

test('the ticker as shipped misses nothing', async () => {
  expect(await missesOf(tick, virtualModeNames)).toEqual([]);
}, 60_000);

describe('a ticker that lies is found out', () => {
  test('a closed loop: the next look waits for the one before', async () => {
    const closed = await mutated({ file: 'ticker.ts', find: '    void launch({', put: '    await launch({' });
    const misses = await missesOf(closed);
    expect(misses.filter((miss) => miss === 'bounds wider than the looks leave open').length).toBeGreaterThanOrEqual(5);
  }, 60_000);

  test('stamping looks when they end', async () => {
    const late = await mutated({ file: 'ticker.ts', find: 'seq, scheduled, started, ended,', put: 'seq, scheduled, started: ended, ended,' });
    const misses = await missesOf(late);
    expect(misses.some((miss) => miss.includes('not on their way'))).toBe(true);
    expect(misses).toContain('longer than the upper bound');
  }, 60_000);

  test('a mutation that no longer fits the source says so', async () => {
    await expect(loadMutated('ticker.ts', { file: 'ticker.ts', find: 'no such text', put: '' })).rejects.toThrow('0 times');
    await expect(loadMutated('ticker.ts', { file: 'outage.ts', find: 'x', put: 'y' })).rejects.toThrow('does not use');
  });
});
