import { describe, expect, test } from '@jest/globals';
import { dataLoss } from '../checks/data-loss.ts';
import { dnsConvergence } from '../checks/dns-convergence.ts';
import { calibrate } from './calibrate.ts';
import { plantedFates, plantLosses } from './losses/losses.ts';
import { loadMutated } from './mutate.ts';
import { plantNames } from './names/names.ts';
import type { Row } from './row.ts';
import { plantedStorms } from './storms.ts';
import { plantedUpdates } from './losses/updates.ts';
import { virtualModeNames } from './outages/virtual.ts';
import type { Noise } from './harness/zero.ts';

// Real outages, which need a clock that is let run, are in outages/real.timed.test.ts.
describe('a short calibration', () => {
  const said: string[] = [];
  let [rows, noise]: [readonly Row[], readonly Noise[]] = [[], []];
  const of = (mode: string): Row => rows.find((row) => row.mode === mode) ?? { mode, cases: 0, misses: 0, alarms: 0, biasMs: null, mostBiasMs: null, widthMs: null, mostWidthMs: null };

  test('misses nothing that was planted', async () => {
    ({ rows, noise } = await calibrate({ cases: 0, targets: 0, busyCases: 0, virtualCases: 40, histories: 40, databases: 0, caches: 0, noops: 5, seed: 'short' }, (line) => said.push(line)));
    expect({ misses: rows.filter((row) => row.misses + row.alarms > 0), said }).toEqual({ misses: [], said: [] });
  }, 240_000);

  test('planted something of every kind', () => {
    expect(rows.filter(({ cases }) => cases === 0)).toEqual([]);
    for (const mode of virtualModeNames) expect(of(`${mode}, virtual`).cases).toBe(40);
    for (const row of rows.filter(({ mode }) => mode.startsWith('writes '))) expect(row.cases).toBeGreaterThan(100);
    expect(rows).toHaveLength(virtualModeNames.length + plantedFates.length + 1 + plantedUpdates.length + 1 + plantedStorms.length + 2 + 17 + 2 + 9 + 3 + 5 + 2 + 3 + 1);
  });

  test('says how far off the point is: by the timeout where looks hang, hardly where they fail at once', () => {
    expect(of('silent, virtual').biasMs ?? 0).toBeLessThan(-100);
    expect(Math.abs(of('503, virtual').biasMs ?? 999)).toBeLessThan(60);
  });

  test('says what is left where nothing is broken', () => {
    expect(noise.find(({ name }) => name === 'failover.outage.longest')).toMatchObject({ value: 0, high: expect.any(Number) });
    expect(noise.find(({ name }) => name === 'loss.lost')).toMatchObject({ value: 0, high: 0 });
  });
});

describe('a check that lies is found out', () => {
  test('timed-out writes counted as lost', async () => {
    const { dataLoss: lying } = await loadMutated<{ dataLoss: typeof dataLoss }>('checks/data-loss.ts', {
      file: 'checks/loss/reconcile.ts', find: "return present ? 'recovered' : 'unresolved';", put: "return present ? 'recovered' : 'destroyed';",
    });
    const missed = plantLosses(lying, 20, 'mutants').filter(({ misses }) => misses.length > 10).map(({ mode }) => mode);
    expect(missed).toEqual(expect.arrayContaining(['lost', 'destroyed', 'unresolved']));
    expect(plantLosses(dataLoss, 20, 'mutants').flatMap(({ misses }) => misses)).toEqual([]);
  });

  test('the first new answer instead of the last old one', async () => {
    const { dnsConvergence: lying } = await loadMutated<{ dnsConvergence: typeof dnsConvergence }>('checks/dns-convergence.ts', {
      file: 'checks/dns/vantages.ts', find: 'const lastOld = answers.findLast(old) ?? null;',
      put: 'const lastOld = answers.slice(0, Math.max(0, answers.findIndex(new_))).findLast(old) ?? null;',
    });
    const missed = plantNames(lying, 30, 'mutants').filter(({ misses }) => misses.length > 0);
    expect(missed.filter(({ mode }) => mode === 'flapping cache').length).toBeGreaterThan(30);
    expect(plantNames(dnsConvergence, 30, 'mutants').flatMap(({ misses }) => misses)).toEqual([]);
  });
});
