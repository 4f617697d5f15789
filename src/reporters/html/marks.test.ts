import { expect, test } from '@jest/globals';
import type { Mark } from '../../history.ts';
import { makeReport } from '../../report.ts';
import { drillHistory } from '../fixture.ts';
import { html } from '../html.ts';
import { drillVerdict } from '../verdict-fixture.ts';
import { foldMarks } from './marks.ts';

const mark = (at: number, what: string, why?: string, who = 'app/us-west-2'): Mark => ({ kind: 'mark', at, who, what, subject: who, errorMs: 1, evidence: why === undefined ? {} : { why } });

test('what is said again and again is counted, however it is mixed with other things', () => {
  const all = Array.from({ length: 100 }, (_, index) => mark(index * 100, index % 2 === 0 ? 'connected' : 'connection lost', index % 2 === 0 ? undefined : 'timed out'));
  expect(foldMarks(all).map(({ first, until, times }) => [first.what, first.at, until, times])).toEqual([['connected', 0, 9_800, 50], ['connection lost', 100, 9_900, 50]]);
});

test('a pause, another reason, or another who begins a row of its own, and no mark is lost from the counts', () => {
  const all = [mark(0, 'connection lost', 'timed out'), mark(500, 'connection lost', 'refused'), mark(600, 'connection lost', 'timed out', 'app/here'), mark(1_000, 'connection lost', 'timed out'), mark(5_000, 'connection lost', 'timed out')];
  expect(foldMarks(all).map(({ times }) => times)).toEqual([2, 1, 1, 1]);
});

test('what a judge reads stands alone', () => {
  expect(foldMarks([mark(0, 'unhealthy'), mark(10, 'unhealthy'), mark(20, 'fence failed'), mark(30, 'fence failed')]).map(({ times }) => times)).toEqual([1, 1, 1, 1]);
});

test('an hour of an app that loses its connections is a small page that still counts every mark', () => {
  const base = drillHistory();
  const churn = Array.from({ length: 36_000 }, (_, index) => mark(index * 6, index % 2 === 0 ? 'connected' : 'connection lost', `reason ${index % 3}`));
  const history = { ...base, entries: [...base.entries, ...churn] };
  const page = html.render?.(makeReport(history, drillVerdict()), history)[0]?.text ?? '';
  expect(page.length).toBeLessThan(1_000_000);
  expect(page).toContain(`mark by mark (${(36_000 + base.entries.filter(({ kind }) => kind === 'mark').length).toLocaleString('en-US')})`);
  const counted = [...page.matchAll(/app\/us-west-2 ((?:connect[a-z ]+ x \d+(?:, )?)+)/g)].flatMap(([, said]) => [...(said ?? '').matchAll(/x (\d+)/g)].map(([, times]) => Number(times)));
  // The whole run is drawn once with all of them, and the closer views draw their part again.
  expect(counted.reduce((sum, times) => sum + times, 0)).toBeGreaterThanOrEqual(36_000);
});
