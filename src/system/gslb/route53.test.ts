import { describe, expect, test } from '@jest/globals';
import { answer, inStartOrder, isHealthy, latch, pick, share, trusting, weigh, type Standing } from './route53.ts';

const after = (results: string, threshold: number) => [...results].reduce((opinion, mark) => weigh(opinion, mark === '+', threshold), trusting);

describe('a checker', () => {
  test.each([['-', 3, true], ['--', 3, true], ['---', 3, false], ['--+--', 3, true], ['--+---', 3, false], ['---++', 3, false], ['---++-+++', 3, true], ['-', 1, false], ['-+', 1, true]])(
    'after %s with threshold %d holds healthy = %s', (results, threshold, healthy) => {
      expect(after(results, threshold).healthy).toBe(healthy);
    });
});

test('of 16 checkers 3 keep an endpoint alive at 18 per cent and 2 do not; a share of exactly the quorum is not enough', () => {
  expect([16, 4, 3, 2, 0].map((healthy) => isHealthy(healthy, 16, 18))).toEqual([true, true, true, false, false]);
  expect(isHealthy(18, 100, 18)).toBe(false);
  expect(isHealthy(19, 100, 18)).toBe(true);
});

const stand = (text: string): Standing[] => text.split(' ').map((word) => ({ name: word[0] ?? '', healthy: word.includes('+'), held: word.includes('!') }));

test.each([
  ['a+ b+', 'a'], ['a- b+', 'b'], ['a- b-', 'a'], ['a+ b-', 'a'],
  ['a+! b+', 'b'], ['a+! b-', 'a'], ['a- b+! c+', 'c'], ['a- b- c+', 'c'], ['a-', 'a'],
])('PRIMARY a of %s: the answer is %s', (standings, expected) => {
  expect(answer(stand(standings), 'a')).toBe(expected);
});

describe('the latch', () => {
  const held = (standings: string, failback: 'latched' | 'automatic') => latch(stand(standings), 'a', failback).map((standing) => standing.held);

  test('catches a PRIMARY that users were moved away from, and keeps it when it is healthy again', () => {
    expect(held('a- b+', 'latched')).toEqual([true, false]);
    expect(held('a+! b+', 'latched')).toEqual([true, false]);
  });

  test('does not catch where nobody was moved: both down, a healthy PRIMARY, only the standby down', () => {
    for (const standings of ['a- b-', 'a+ b+', 'a+ b-']) expect(held(standings, 'latched')).toEqual([false, false]);
  });

  test('is never closed when fail-back is automatic', () => {
    expect(held('a- b+', 'automatic')).toEqual([false, false]);
  });
});

test('results are applied in the order the checks were started, however late one of them ends', () => {
  const applied: string[] = [];
  const order = inStartOrder<string>((result) => applied.push(result));
  const [first, second, third] = [order.start(), order.start(), order.start()];
  second('second');
  third('third');
  expect(applied).toEqual([]);
  first('first');
  expect(applied).toEqual(['first', 'second', 'third']);
});

describe('by weight', () => {
  const standing = (name: string, healthy: boolean, held = false): Standing => ({ name, healthy, held });
  const weights = new Map([['a', 70], ['b', 30], ['c', 0]]);

  test('the healthy ones share the answers, all of them where none is healthy, and one of weight 0 is never answered', () => {
    expect(share([standing('a', true), standing('b', true), standing('c', true)], weights)).toEqual(['a', 'b']);
    expect(share([standing('a', false), standing('b', true), standing('c', true)], weights)).toEqual(['b']);
    expect(share([standing('a', true, true), standing('b', true)], weights)).toEqual(['b']);
    expect(share([standing('a', false), standing('b', false), standing('c', true)], weights)).toEqual(['a', 'b']);
  });

  test('an answer is picked in proportion', () => {
    expect([0, 0.699, 0.7, 0.999].map((random) => pick([70, 30], random))).toEqual([0, 0, 1, 1]);
    expect([0, 0.5, 0.999].map((random) => pick([0, 30], random))).toEqual([1, 1, 1]);
    expect(pick([0, 0], 0.5)).toBe(0);
  });
});
