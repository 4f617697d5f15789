import { describe, expect, test } from '@jest/globals';
import { dataLoss } from '../checks/data-loss.ts';
import { dnsConvergence } from '../checks/dns-convergence.ts';
import { calibrate, type Row } from './calibrate.ts';
import { plantLosses } from './losses.ts';
import { loadMutated } from './mutate.ts';
import { plantNames } from './names.ts';

describe('a short calibration', () => {
  const said: string[] = [];
  let rows: Row[] = [];
  const of = (mode: string): Row => rows.find((row) => row.mode === mode) ?? { mode, cases: 0, misses: 0, biasMs: null, widthMs: null };

  test('misses nothing that was planted', async () => {
    rows = await calibrate({ cases: 6, targets: 2, mostMs: 1_500, seed: 'short' }, (line) => said.push(line));
    expect({ misses: rows.filter((row) => row.misses > 0), said: said.filter((line) => !line.startsWith('real outages')) }).toEqual({ misses: [], said: [] });
  }, 180_000);

  test('planted something of every kind', () => {
    for (const mode of ['silent', 'refused', 'frozen', '503']) expect(of(mode).cases).toBeGreaterThanOrEqual(6);
    for (const mode of ['silent', 'refused', '503', 'refused, then silent']) expect(of(`${mode}, virtual`).cases).toBeGreaterThanOrEqual(100);
    for (const row of rows.filter(({ mode }) => mode.startsWith('writes'))) expect(row.cases).toBeGreaterThan(100);
    for (const mode of ['steady cache', 'flapping cache']) expect(of(mode).cases).toBeGreaterThanOrEqual(100);
    expect(rows).toHaveLength(4 + 4 + 11 + 2);
  });

  test('says how far off the point is: by the timeout where looks hang, hardly where they fail at once', () => {
    expect(of('silent, virtual').biasMs ?? 0).toBeLessThan(-100);
    expect(Math.abs(of('503, virtual').biasMs ?? 999)).toBeLessThan(60);
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
