import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { CrowdOrder, CrowdRequest } from '../../world.ts';
import { listen, type Ear } from './listen.ts';
import { wallOf } from './points.ts';

const recorded = readFileSync(new URL('recorded.fixture.jsonl', import.meta.url), 'utf8').split('\n');
const order: CrowdOrder = { script: '', target: 'service', manner: { resolver: 'strict', connections: 'new' }, everyMs: 100, timeoutMs: 250, clients: 1 };
/** When the recorded schedule began, as k6 told it. */
const began = wallOf('2026-11-22T08:25:31.429Z');

/** An ear whose run began with the recorded schedule; both its clocks move with every look at them, so that they are read at once. */
function hearing() {
  const state = { now: 0, wall: began };
  const told = { requests: [] as CrowdRequest[], missed: 0, blind: [] as [number, number, string][], notes: [] as string[] };
  jest.spyOn(Date, 'now').mockImplementation(() => Math.floor(state.wall + state.now));
  const clock = { now: () => { state.now += 0.01; return state.now; }, sleep: async () => {} };
  const ear = listen(order, clock, { request: (one) => told.requests.push(one), missed: (ticks) => { told.missed += ticks; }, blind: (...all) => told.blind.push(all), note: (text) => told.notes.push(text) });
  return { ear, told, state };
}

/** Whole ms, and no minus before a zero. */
const at = (ms = Number.NaN): number => Math.round(ms) + 0;
const alive = (ms: number): string => `{"metric":"vus","type":"Point","data":{"time":"${new Date(began + ms).toISOString()}","value":1,"tags":{}}}`;
const hearAll = (ear: Ear, lines = recorded): void => { for (const line of lines) ear.hear(line); };

beforeEach(() => { jest.useFakeTimers({ doNotFake: ['Date'] }); });
afterEach(() => { jest.useRealTimers(); jest.restoreAllMocks(); });

describe('what k6 recorded', () => {
  test('becomes requests on the run\'s clock, each due when its iteration was', () => {
    const { ear, told } = hearing();
    hearAll(ear);
    expect(told.requests.map(({ scheduled }) => at(scheduled))).toEqual([0, 100, 100, 200, 200, 600, 600, 700, 800, 900, 1_000]);
    expect(told.requests.map(({ first }) => first)).toEqual([true, true, false, true, false, true, false, true, true, true, true]);
    for (const { scheduled, started, ended, first } of told.requests) {
      expect(started).toBeLessThanOrEqual(ended);
      if (first) expect(started - scheduled).toBeGreaterThan(-1);
    }
    expect(told.missed).toBe(4);
    expect(told.blind).toEqual([]);
  });

  test('says what was seen where something answered, and how long it took where nothing did', () => {
    const { ear, told } = hearing();
    hearAll(ear);
    expect(told.requests[2]).toMatchObject({ expected: false, error: null, seen: { status: 503, servedBy: null, connection: 'reused', address: '127.0.0.1' } });
    expect(told.requests[0]?.seen?.connection).toBe('new');
    expect(told.requests[4]).toMatchObject({ expected: false, error: 'request timeout', seen: null });
    expect(told.requests[4]?.tookMs).toBeGreaterThan(250);
    expect(at(told.requests[6]?.started)).toBe(647);
  });

  test('what failed and was not stamped may have begun as early as its iteration did', () => {
    const { ear, told } = hearing();
    hearAll(ear, recorded.map((line) => line.replace(/"asked":"\d+",?/, '').replace(',}', '}')));
    expect(told.requests).toHaveLength(11);
    expect(at(told.requests[6]?.started)).toBe(601);
  });

  test('what was due after the stop is not told', () => {
    const { ear, told, state } = hearing();
    state.now = 650;
    ear.stop();
    hearAll(ear);
    expect(told.requests.map(({ scheduled }) => at(scheduled))).toEqual([0, 100, 100, 200, 200, 600, 600]);
    expect(told.missed).toBe(3);
  });
});

describe('what k6 does not tell', () => {
  test('is blind where it stood still', () => {
    const { ear, told } = hearing();
    hearAll(ear, [alive(1_000), alive(2_000), alive(6_000), alive(7_000)]);
    expect(told.blind.map(([from, to, why]) => [at(from), at(to), why])).toEqual([[2_000, 6_000, 'k6 stood still']]);
  });

  test('is blind from the last request on where it has gone, again and again until it is closed', () => {
    const { ear, told, state } = hearing();
    hearAll(ear);
    state.now = 3_000;
    ear.lose('k6 has gone');
    state.now = 4_000;
    jest.advanceTimersByTime(1_000);
    state.now = 4_500;
    ear.close();
    expect(told.blind.map(([from, to]) => [at(from), at(to)])).toEqual([[1_002, 3_000], [3_000, 4_000], [4_000, 4_500]]);
    jest.advanceTimersByTime(10_000);
    expect(told.blind).toHaveLength(3);
  });

  test('is blind after the wall clock was set, and nothing that it stamps is told any more', () => {
    const { ear, told, state } = hearing();
    hearAll(ear, recorded.slice(0, 20));
    const before = told.requests.length;
    state.wall += 60_000;
    ear.readClock();
    hearAll(ear, recorded.slice(20));
    state.now = 2_000;
    ear.close();
    expect(told.requests).toHaveLength(before);
    expect(told.blind.at(-1)).toEqual([expect.any(Number), expect.closeTo(2_000, 0), expect.stringContaining('the wall clock was set')]);
  });
});
