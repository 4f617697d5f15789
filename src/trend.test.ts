import { describe, expect, test } from '@jest/globals';
import { outcomes } from './compare/fixture.ts';
import type { Outcome } from './outcome.ts';
import { sayTrends, renderTrends } from './reporters/trend.ts';
import { readMarkup } from './reporters/well-formed-fixture.ts';
import { trendsOf } from './trend.ts';

const turn = (name: string) => ({ name, number: 1, of: 5, seed: 's', delayMs: 0, withinMs: 1 });
const night = (day: number, rto: number, more: Partial<Outcome> = {}, lost = 0): Outcome[] => {
  const at = `2026-10-${String(day).padStart(2, '0')}`;
  return outcomes(at, [0, 1, 2, 3, 4].map((index) => ({ rto: rto + index * 0.5 + (day % 3) * 0.2, lost: index < lost ? 9 : 0, dns: 2 })), { series: turn(`night-${at}`), startedAt: `${at}T02:00:00Z`, ...more });
};
const [print] = outcomes('x', [{}]).map(({ fingerprint }) => fingerprint) as [Outcome['fingerprint']];
const upgraded = { fingerprint: { ...print, hash: 'f1', versions: { mariadb: '11.4.2', node: 'v24.1.0' } } };
const history = [...Array.from({ length: 10 }, (_, day) => night(day + 1, 35)), ...Array.from({ length: 8 }, (_, day) => night(day + 11, 95, upgraded, 2))].flat();

describe('a trend', () => {
  test('has a point for each night, and tells where its level changed and what was other that night', () => {
    const [trend, ...more] = trendsOf(history);
    expect(more).toEqual([]);
    expect(trend?.nights).toHaveLength(18);
    const rto = trend?.lines.find(({ measure }) => measure === 'failover.rto');
    expect(rto?.points[0]).toMatchObject({ n: 5, median: { censored: false } });
    expect(rto?.turnings).toMatchObject([{ night: 'night-2026-10-11', index: 10, changed: [{ what: 'mariadb', a: '10.11.6', b: '11.4.2' }] }]);
    expect(trend?.lines.find(({ measure }) => measure === 'dns.convergence.max')?.turnings).toEqual([]);
    expect(trend?.lines.find(({ measure }) => measure === 'loss.runs')?.turnings).toMatchObject([{ index: 10, before: 0, after: 40 }]);
  });

  test('goes on only with nights whose numbers mean the same, and counts the rest', () => {
    const other = night(1, 5, { fingerprint: { ...print, scenario: 's9', hash: 'f9' } });
    expect(trendsOf([...other, ...history])[0]).toMatchObject({ leftOut: 5 });
    expect(trendsOf([...night(1, 5, { world: 'embedded' }), ...history])).toHaveLength(2);
  });

  test('leaves a hole where no run of a night counts', () => {
    const [trend] = trendsOf([...night(1, 35), ...night(2, 35, { invalid: 'aborted' }), ...night(3, 35)]);
    expect(trend?.lines[0]?.points.map((point) => point === null)).toEqual([false, true, false]);
    expect(sayTrends(trend ? [trend] : []).join('\n')).toContain('?');
  });

  test('is told in words and as a page that stands alone', () => {
    const trends = trendsOf(history);
    expect(sayTrends(trends).join('\n')).toMatch(/since night-2026-10-11: 36\.2 s → 96\.2 s .*mariadb 10\.11\.6 → 11\.4\.2/);
    const text = renderTrends(trends).find(({ name }) => name === 'trend.html')?.text ?? '';
    expect(() => readMarkup(text, { voids: ['meta'], raw: ['style'] })).not.toThrow();
    expect(text).not.toMatch(/https?:|url\((?!#)/);
    expect(sayTrends([])).toEqual(['No run is there yet.']);
  });
});
