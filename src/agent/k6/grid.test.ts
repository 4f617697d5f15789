import { expect, test } from '@jest/globals';
import { makeGrid } from './grid.ts';

const place = (wallMs: number): number => wallMs - 1_000;
const of = (tick: number, iterationAt: number) => ({ tick, beganAt: 1_000, iterationAt });

test('an iteration is due at its number, and those that were dropped before it are counted in', () => {
  const grid = makeGrid(100, place);
  expect(grid.dueOf(of(0, 1_000))).toEqual({ due: 0, first: true });
  expect(grid.dueOf(of(1, 1_101))).toEqual({ due: 100, first: true });
  for (const at of [1_200.4, 1_300.2, 1_400.9]) grid.dropped(at);
  expect(grid.dueOf(of(2, 1_500))).toEqual({ due: 500, first: true });
  expect(grid.dueOf(of(1, 1_101))).toEqual({ due: 100, first: false });
});

test('a drop in the millisecond of a start came before it', () => {
  const grid = makeGrid(10, place);
  grid.dropped(1_010.7);
  expect(grid.dueOf(of(1, 1_010)).due).toBe(20);
});

test('the start is placed once: what becomes of the wall clock later moves no tick', () => {
  let off = 1_000;
  const grid = makeGrid(100, (wallMs) => wallMs - off);
  grid.dueOf(of(0, 1_000));
  off = 990;
  expect(grid.dueOf(of(3, 1_300)).due).toBe(300);
});

test('more drops than are kept apart are still counted', () => {
  const grid = makeGrid(1, place);
  for (let drop = 0; drop < 25_000; drop += 1) grid.dropped(1_001 + drop);
  expect(grid.dueOf(of(1, 26_001)).due).toBe(25_001);
});
