import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { changePoints } from './change-points.ts';

// Reproducible noise: sums of twelve uniform numbers are close enough to the normal distribution (variance 1).
const noise = (seed: string, count: number) => Array.from({ length: count }, (_, index) => {
  const bytes = createHash('sha256').update(`${seed}/${index}`).digest();
  return Array.from({ length: 12 }, (_unused, at) => bytes.readUInt16BE(at * 2) / 65_536).reduce((sum, one) => sum + one, 0) - 6;
});
const steps = (seed: string, ...levels: readonly (readonly [level: number, nights: number])[]) => {
  const wobble = noise(seed, levels.reduce((sum, [, nights]) => sum + nights, 0));
  return levels.flatMap(([level, nights]) => new Array<number>(nights).fill(level)).map((level, index) => level + (wobble[index] ?? 0));
};

describe('change points', () => {
  test('are found where the level moved, and named with both levels', () => {
    const found = changePoints(steps('one', [35, 14], [95, 10]));
    expect(found).toHaveLength(1);
    expect(found[0]?.index).toBe(14);
    expect(found[0]?.before).toBeCloseTo(35, 0);
    expect(found[0]?.after).toBeCloseTo(95, 0);
  });

  test('are found one by one where it moved twice, also back again', () => {
    expect(changePoints(steps('two', [35, 12], [60, 12], [35, 12])).map(({ index }) => index)).toEqual([12, 24]);
  });

  test('are none in a line that stands still', () => {
    expect(changePoints(new Array<number>(30).fill(4))).toEqual([]);
    expect(changePoints([])).toEqual([]);
    expect(changePoints([1, 90])).toEqual([]);
  });

  test('are found where a line without any spread moved', () => {
    expect(changePoints([...new Array<number>(10).fill(0), ...new Array<number>(5).fill(100)])).toEqual([{ index: 10, before: 0, after: 100, p: 0 }]);
  });

  test('of mere noise are told in at most 5 of 100 lines of 30 nights', () => {
    const alarms = Array.from({ length: 400 }, (_, line) => changePoints(noise(`line ${line}`, 30)).length > 0).filter(Boolean).length;
    expect(alarms).toBeLessThanOrEqual(20);
  });

  test('of three times the noise are found in at least 95 of 100 lines, within a night of where they are', () => {
    const found = Array.from({ length: 100 }, (_, line) => changePoints(steps(`line ${line}`, [10, 18], [13, 12]))).filter((points) => points.some(({ index }) => Math.abs(index - 18) <= 1)).length;
    expect(found).toBeGreaterThanOrEqual(95);
  });
});
