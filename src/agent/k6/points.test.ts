import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readPoints, wallOf, type Point, type Told } from './points.ts';

// k6 1.8.1 on 127.0.0.1, every 100 ms with one client and a timeout of 250 ms; lines of metrics that nobody reads are left out.
const recorded = readFileSync(new URL('recorded.fixture.jsonl', import.meta.url), 'utf8').split('\n');
const base = wallOf('2026-11-22T08:25:31Z');

function pointsOf(lines: readonly string[]): Point[] {
  const read = readPoints();
  return lines.map(read).filter((point) => point !== null);
}

const requests = pointsOf(recorded).filter((point): point is Told => point.is === 'request');

test('every request of an iteration is told once, and none of setup', () => {
  expect(requests.map(({ tick, status, error }) => [tick, status, error])).toEqual([
    [0, 200, null], [1, 200, null], [1, 503, null], [2, 200, null], [2, 0, 'request timeout'], [3, 200, null], [3, 0, 'dial: connection refused'], [4, 200, null], [5, 200, null], [6, 200, null], [7, 200, null],
  ]);
  expect(requests.map(({ expected }) => expected)).toEqual([true, true, false, true, false, true, false, true, true, true, true]);
});

test('what was answered has times of its own, which begin when it was asked for', () => {
  const answered = requests.filter(({ status }) => status > 0);
  for (const one of answered) {
    const began = one.endedAt - one.blockedMs - one.durationMs;
    expect(began - (one.askedAt ?? 0)).toBeGreaterThanOrEqual(0);
    expect(began - (one.askedAt ?? 0)).toBeLessThan(5);
  }
  expect(answered).toHaveLength(9);
});

test('a request that failed at once has no times but its end, and the stamps', () => {
  const [refused] = requests.filter(({ error }) => error?.startsWith('dial'));
  expect(refused).toMatchObject({ askedAt: base + 1_076, iterationAt: base + 1_030, durationMs: 0, blockedMs: 0, connectingMs: 0, address: '' });
});

test('drops and signs of life are told with their time', () => {
  const rest = pointsOf(recorded).filter((point) => point.is !== 'request');
  expect(rest.map(({ is }) => is)).toEqual(['dropped', 'dropped', 'dropped', 'alive', 'dropped']);
  expect(rest.map((point) => Math.round((point as { at: number }).at - base))).toEqual([730, 904, 930, 1_321, 1_660]);
});

test.each(['', 'no json', '{"metric":"http_reqs","type":"Point","data":{', '{"metric":"http_reqs"}', '{"type":"Metric","data":{"name":"vus"},"metric":"vus"}', '{"metric":"checks","type":"Point","data":{"time":"2026-11-22T08:25:31Z","value":1}}'])('%j says nothing', (line) => {
  expect(readPoints()(line)).toBeNull();
});

test.each([['1970-01-01T00:00:01Z', 1_000], ['1970-01-01T00:00:01.5Z', 1_500], ['1970-01-01T00:00:00.000250000Z', 0.25], ['1970-01-01T09:00:00.001+09:00', 1]])('%s is %d ms', (time, ms) => {
  expect(wallOf(time)).toBeCloseTo(ms, 6);
});
