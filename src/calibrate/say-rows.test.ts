import { describe, expect, test } from '@jest/globals';
import type { Result } from './results.ts';
import type { Row } from './row.ts';
import { sayPage, sayTable, weigh } from './say-rows.ts';

const row = (mode: string, over: Partial<Row> = {}): Row => ({ mode, cases: 300, misses: 0, alarms: 0, biasMs: -99.6, mostBiasMs: 100, widthMs: 250.4, mostWidthMs: 500, ...over });
const result = (part: string, rows: readonly Row[], over: Partial<Result> = {}): Result => ({ schema: 1, part, at: '2026-11-22T10:00:00.000Z', tookS: 240, planted: { noops: 1 }, machine: { cpus: 2, memoryGiB: 8, arch: 'x64' }, version: '1.2.3', rows, noise: [], ...over });
const rows = [row('silent, new', { disturbed: 4, wanted: 150 }), row('silent, reused', { cases: 20, wanted: 150 }), row('cache BIND', { cases: 0, skipped: 'not installed (the Debian package bind9)' })];

test('a table says every row, and of one that was skipped why', () => {
  const lines = sayTable(rows);
  expect(lines[1]?.replaceAll(/ +/g, ' ')).toBe('silent, new 300 0 0 -100 100 250 500 4');
  expect(lines[3]).toMatch(/^cache BIND +skipped: not installed \(the Debian package bind9\)$/);
});

test('too few is not too few where nothing was to be had', () => {
  expect(weigh(rows).few.map(({ mode }) => mode)).toEqual(['silent, reused']);
  expect(weigh([row('x', { misses: 1 }), row('y', { alarms: 1 }), row('z')]).missed.map(({ mode }) => mode)).toEqual(['x', 'y']);
});

describe('the page', () => {
  const noisy = result('nothing', [row('nothing broken')], { noise: [{ name: 'failover.outage.longest', unit: 's', value: 0, high: 0.254 }, { name: 'loss.lost', unit: 'writes', value: 0, high: 0 }] });

  test('says when, on what shape of machine, every row, the noise, and what is not in it', () => {
    const page = sayPage([result('silent', rows, { version: '0.1.0 (abc+)' }), noisy], ['frozen'], 'regionfall calibrate');
    for (const said of [
      '| silent | 2026-11-22 | 4 min | 2 CPUs, 8 GiB, x64 | 0.1.0 (abc+) |', '| silent, new | 300 | 0 | 0 | -100 | 100 | 250 | 500 | 4 |', 'Every planted truth lay inside its bounds',
      '| `failover.outage.longest` | 0 s, and never over 0.254 s by its bounds |', '* the part `frozen`: not run yet', '* cache BIND: not installed', '* silent, reused: 20 of 150 cases were undisturbed',
    ]) expect(page).toContain(said);
    expect(page).not.toContain('| cache BIND |');
    for (const line of page.split('\n').filter((one) => one.startsWith('| silent,') || one.startsWith('| mode'))) expect(line.split('|')).toHaveLength(11);
  });

  test('names the rows whose mean lies beyond its limit by chance, and those alone', () => {
    const page = sayPage([result('virtual', [row('late', { biasMs: -104 }), row('near', { biasMs: -0.4 }), row('wrong', { biasMs: 190, misses: 1 })])], [], 'x');
    expect(page).toContain('than chance may add to the mean of so many cases (4 standard errors): late.');
    expect(page).toContain('| near | 300 | 0 | 0 | 0 |');
    expect(sayPage([result('silent', rows)], [], 'x')).not.toContain('standard errors');
  });

  test('does not praise what missed, nor what is not there', () => {
    expect(sayPage([result('silent', [row('silent, new', { misses: 2 })])], [], 'x')).toContain('**Not to be trusted:** silent, new.');
    expect(sayPage([], ['silent'], 'x')).toContain('Nothing is kept yet.');
  });
});
