import { expect, jest, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { compare } from '../src/compare.ts';
import type { Outcome } from '../src/outcome.ts';
import { simulateSeries } from './simulated-series.ts';

const scenario = (name: string) => fileURLToPath(new URL(`scenarios/${name}.yaml`, import.meta.url));
const told = (a: readonly Outcome[], b: readonly Outcome[]) => compare({ name: 'A', outcomes: a }, { name: 'B', outcomes: b }, { marginPct: 10, allow: [], today: '2026-11-22T00:00:00Z' })
  .primary.filter(({ outlook }) => outlook === 'worse' || outlook === 'better').map(({ measure }) => measure);

// More than a thousand drills, a minute of work.
jest.setTimeout(900_000);

test('a hundred times over, two series of the same version are told apart at most five times; of two that differ, 20 of 20 are, with the right stage', async () => {
  const alarms: string[] = [];
  const found: string[] = [];
  for (let time = 1; time <= 100; time += 1) {
    const [a, b] = [await simulateSeries(scenario('light'), `a${time}`, 5), await simulateSeries(scenario('light'), `b${time}`, 5)];
    expect([...a, ...b].filter(({ invalid }) => invalid !== null)).toEqual([]);
    if (told(a, b).length > 0) alarms.push(`${time}: ${told(a, b).join(', ')}`);
    if (time > 20) continue;
    const slow = await simulateSeries(scenario('light-slow-checks'), `slow${time}`, 5);
    const { explained } = compare({ name: 'A', outcomes: a }, { name: 'B', outcomes: slow }, { marginPct: 10, allow: [], today: '2026-11-22T00:00:00Z' });
    if (told(a, slow).includes('failover.rto')) found.push(explained?.stage ?? 'no stage');
  }
  expect(alarms.length).toBeLessThanOrEqual(5);
  expect(found).toEqual(new Array<string>(20).fill('stage.detect.dns'));
});
