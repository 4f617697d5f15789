import { expect, test } from '@jest/globals';
import { openWall } from './wall.ts';

/** A run's clock that moves by `stepMs` a look, and a wall clock of whole ms beside it. */
function clocks(stepMs = 0.01) {
  const state = { now: 100, offset: 5_000.25 };
  const clock = { now: () => { state.now += stepMs; return state.now; } };
  return { state, clock, wallNow: () => Math.floor(state.now + state.offset) };
}

test('places a wall time within what it says', () => {
  const { clock, wallNow } = clocks();
  const wall = openWall(clock, wallNow);
  expect(Math.abs(wall.place(5_200.25) - 200)).toBeLessThanOrEqual(wall.errorMs());
  expect(wall.errorMs()).toBeLessThan(0.05);
});

test('a reading that is held up says so', () => {
  const { clock, wallNow } = clocks(3);
  const wall = openWall(clock, wallNow);
  expect(wall.errorMs()).toBeGreaterThanOrEqual(1.5);
  expect(Math.abs(wall.place(5_200.25) - 200)).toBeLessThanOrEqual(wall.errorMs());
});

test('a wall clock that is slewed adds to the doubt', () => {
  const { state, clock, wallNow } = clocks();
  const wall = openWall(clock, wallNow);
  for (let second = 0; second < 4; second += 1) {
    state.now += 1_000;
    state.offset += 0.5;
    expect(wall.read()).toBe(true);
  }
  expect(wall.errorMs()).toBeGreaterThanOrEqual(2 - 0.05);
  expect(wall.errorMs()).toBeLessThan(2.2);
});

test('a wall clock that was set is noticed, whichever way', () => {
  for (const by of [-3_600_000, -50, 50, 3_600_000]) {
    const { state, clock, wallNow } = clocks();
    const wall = openWall(clock, wallNow);
    const before = wall.readAt();
    state.offset += by;
    expect(wall.read()).toBe(false);
    expect(wall.readAt()).toBe(before);
  }
});
