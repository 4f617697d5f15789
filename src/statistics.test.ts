import { describe, expect, test } from '@jest/globals';
import { fisherTest, holm, rankTest, rateBounds, shiftOf, spreadOf, type Seen } from './statistics.ts';

const seen = (...values: readonly number[]): Seen[] => values.map((value) => ({ value, censored: false }));
const over = (...values: readonly number[]): Seen[] => values.map((value) => ({ value, censored: true }));

describe('the rank test', () => {
  test('is the exact Mann-Whitney test where nothing is tied or censored', () => {
    // R: wilcox.test(1:3, 4:6), (1:4, 5:8), (1:5, 6:10): 0.1, 0.02857, 0.007937; semantics.md 5.4 rests on these.
    expect(rankTest(seen(1, 2, 3), seen(4, 5, 6))).toBeCloseTo(0.1, 12);
    expect(rankTest(seen(1, 2, 3, 4), seen(5, 6, 7, 8))).toBeCloseTo(2 / 70, 12);
    expect(rankTest(seen(1, 2, 3, 4, 5), seen(6, 7, 8, 9, 10))).toBeCloseTo(2 / 252, 12);
    // R: wilcox.test(c(1.1, 2.2, 3.3, 4.4, 0.5), c(3.1, 5.2, 6.3, 2.9, 7.5)): W = 4, p = 0.09524
    expect(rankTest(seen(1.1, 2.2, 3.3, 4.4, 0.5), seen(3.1, 5.2, 6.3, 2.9, 7.5))).toBeCloseTo(0.0952381, 6);
  });

  test('says the same from either side, and nothing of equals or of nobody', () => {
    expect(rankTest(seen(9, 8, 7), seen(1, 2, 8))).toBeCloseTo(rankTest(seen(1, 2, 8), seen(9, 8, 7)), 12);
    expect(rankTest(seen(3, 3, 3, 3, 3), seen(3, 3, 3, 3, 3))).toBe(1);
    expect(rankTest([], seen(1, 2))).toBe(1);
  });

  test('knows that a run cut short was longer than those that ended before, and no more', () => {
    expect(rankTest(seen(10, 11, 12, 13, 14), over(120, 120, 120, 120, 120))).toBeCloseTo(2 / 252, 12);
    // All that is known of these five is that they passed 5 s: they may have been shorter than the others.
    expect(rankTest(seen(10, 11, 12, 13, 14), over(5, 5, 5, 5, 5))).toBe(1);
    expect(rankTest(over(60, 60, 60), over(60, 60, 60))).toBe(1);
  });

  test('goes over into the normal approximation without a step', () => {
    const group = (from: number, count: number) => seen(...Array.from({ length: count }, (_, index) => from + index * 1.7));
    const exact = rankTest(group(0, 30), group(9, 30));
    const approximate = rankTest(group(0, 31), group(9, 31));
    expect(Math.abs(exact - approximate)).toBeLessThan(0.03);
  });
});

test("Fisher's exact test, as R has it", () => {
  expect(fisherTest(0, 5, 5, 5)).toBeCloseTo(2 / 252, 9);
  expect(fisherTest(0, 5, 0, 5)).toBe(1);
  // R: fisher.test(matrix(c(3, 1, 1, 3), 2)): 0.4857 (Fisher's tea), fisher.test(matrix(c(1, 9, 11, 3), 2)): 0.002759
  expect(fisherTest(3, 4, 1, 4)).toBeCloseTo(0.4857143, 6);
  expect(fisherTest(1, 10, 11, 14)).toBeCloseTo(0.002759456, 8);
});

test("Holm's correction, as R's p.adjust has it", () => {
  expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
  expect(holm([0.0079])).toEqual([0.0079]);
  expect(holm([0.5, 0.9])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});

test('the bounds of a rate: none of n leaves about 3/n, as semantics.md 5.2 has it', () => {
  expect(rateBounds(0, 9).high).toBeCloseTo(1 - 0.05 ** (1 / 9), 9);
  expect(rateBounds(0, 9).high).toBeCloseTo(0.283, 3);
  expect(rateBounds(0, 30).high).toBeCloseTo(0.095, 3);
  expect(rateBounds(0, 100).high).toBeCloseTo(0.0295, 4);
  expect(rateBounds(5, 5).low).toBeCloseTo(0.05 ** (1 / 5), 9);
  // R: binom.test(3, 10)$conf.int: 0.06673951 0.65245285
  expect(rateBounds(3, 10).low).toBeCloseTo(0.06673951, 7);
  expect(rateBounds(3, 10).high).toBeCloseTo(0.65245285, 7);
  expect(rateBounds(0, 0)).toEqual({ low: 0, high: 1 });
});

test("the shift between two groups, as R's wilcox.test(conf.int = TRUE) has it", () => {
  expect(shiftOf([1, 2, 3, 4, 5], [11, 12, 13, 14, 15])).toEqual({ value: 10, low: 7, high: 13 });
  expect(shiftOf([1, 2], [3, 4])).toEqual({ value: 2, low: null, high: null });
  expect(shiftOf([], [1])).toBeNull();
});

test('median, least and most never take a censored value for a number', () => {
  expect(spreadOf(seen(3, 1, 2))).toEqual({ median: { value: 2, censored: false }, min: { value: 1, censored: false }, max: { value: 3, censored: false } });
  expect(spreadOf([...seen(10, 11, 12, 13), ...over(120)])).toEqual({ median: { value: 12, censored: false }, min: { value: 10, censored: false }, max: { value: 120, censored: true } });
  // Cut short at 5 s: it may be the least, the middle or the most.
  expect(spreadOf([...seen(10, 20), ...over(5)])).toEqual({ median: { value: 10, censored: true }, min: { value: 5, censored: true }, max: { value: 20, censored: true } });
  expect(spreadOf([])).toBeNull();
});
