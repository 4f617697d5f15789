import { describe, expect, test } from '@jest/globals';
import { between, counted, lasting, missing, quantile, ruleBy, sayMeasure, worstOf } from './bounds.ts';

test('a length takes the widest of both spans and is never negative', () => {
  expect(between({ at: 100, low: 100, high: 150 }, { at: 400, low: 300, high: 410 })).toEqual({ value: 300, low: 150, high: 310 });
  expect(between({ at: 500, low: 500, high: 600 }, { at: 400, low: 300, high: 550 })).toEqual({ value: 0, low: 0, high: 50 });
});

describe('sayMeasure', () => {
  test.each([
    [lasting('x', { value: 12_034, low: 11_789, high: 12_040 }, 1), '12.0 s (11.8-12.0)'],
    [lasting('x', { value: 250, low: 100, high: 360 }, 1), '0.25 s (0.10-0.36)'],
    [lasting('x', { value: 0, low: 0, high: 20 }, 1), '0.000 s (0.000-0.020)'],
    [lasting('x', { value: 3_000, low: 2_000, high: null }, 1), '3.0 s (2.0-?)'],
    [lasting('x', { value: 120_000, low: 120_000, high: null }, 1, true), 'over 120.0 s'],
    [counted('x', 'writes', 1, 9), '1 write'],
    [counted('x', 'writes', 3, 9, 2, 4), '3 writes (2-4)'],
    [counted('x', '%', 99.5, 9), '99.50 %'],
    [missing('x', 's', 'not observed'), 'not measured: not observed'],
  ])('%#', (measure, said) => expect(sayMeasure(measure)).toBe(said));
});

test('an objective is met or missed only where the bounds leave no doubt', () => {
  const rto = lasting('x', { value: 12_000, low: 11_000, high: 13_000 }, 1);
  expect([13, 12, 11, 10.9].map((max) => ruleBy(rto, max))).toEqual(['pass', 'inconclusive', 'inconclusive', 'fail']);
  const atLeast = lasting('x', { value: 12_000, low: 12_000, high: null }, 1, true);
  expect([13, 11].map((max) => ruleBy(atLeast, max))).toEqual(['inconclusive', 'fail']);
  expect(ruleBy(missing('x', 's', 'why'), 1)).toBe('inconclusive');
});

test('fail weighs more than inconclusive, and that more than pass', () => {
  expect(worstOf(['pass', 'inconclusive', 'fail'])).toBe('fail');
  expect(worstOf(['pass', 'inconclusive'])).toBe('inconclusive');
  expect(worstOf([])).toBe('pass');
});

test('quantiles are nearest ranks', () => {
  const twenty = Array.from({ length: 20 }, (_, index) => index + 1);
  expect([0.5, 0.95, 1].map((share) => quantile(twenty, share))).toEqual([10, 19, 20]);
  expect(quantile([7], 0.5)).toBe(7);
});
