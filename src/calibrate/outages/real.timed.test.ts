import { expect, test } from '@jest/globals';
import { realModes, realShapes } from './out.ts';
import { realRows } from './real.ts';

test('a few short real outages of every mode and shape: none is missed, and of those that were undisturbed every one is told', async () => {
  const said: string[] = [];
  const rows = await realRows({ cases: 6, targets: 2, mostMs: 1_500, busyCases: 0, seed: 'short', rounds: 3 }, [...realModes, ...realShapes], (line) => said.push(line));
  expect(rows.filter(({ misses, alarms }) => misses + alarms > 0)).toEqual([]);
  expect(said.filter((line) => !/^real outages|planted after \d+ s$/.test(line))).toEqual([]);
  expect(rows.map(({ mode }) => mode)).toEqual([...realModes, ...realShapes].flatMap((mode) => [`${mode}, new`, `${mode}, reused`]));
  expect(rows.filter(({ cases }) => cases === 0)).toEqual([]);
}, 180_000);
