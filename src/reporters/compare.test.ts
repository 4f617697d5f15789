import { describe, expect, test } from '@jest/globals';
import { compare } from '../compare.ts';
import { outcomes, type Made } from '../compare/fixture.ts';
import type { Outcome } from '../outcome.ts';
import { makeReport } from '../report.ts';
import { renderComparison } from './compare.ts';
import { tabulate } from './compare/terminal.ts';
import { drillHistory } from './fixture.ts';
import { paintFor } from './paint.ts';
import { drillVerdict } from './verdict-fixture.ts';
import { allTags, readMarkup, type Tag } from './well-formed-fixture.ts';

const evil = '<script>alert("&\u0007|`*[x](y)@all")</script>';
const series = (rto: number, more: Made = {}): Made[] => [0, 1, 2, 3, 4].map((index) => ({ rto: rto + index * 0.3, detect: rto - 5, lost: 0, dns: 2, ...more }));
const asked = { marginPct: 10, allow: [], today: '2026-11-22T00:00:00Z' };
const bad = compare({ name: evil, outcomes: outcomes('a', series(40), { title: evil, label: evil }) }, { name: 'B', outcomes: [...outcomes('b', series(95)), ...outcomes(evil, [{ rto: 1 }], { invalid: evil } as Partial<Outcome>)] }, asked);
const report = makeReport(drillHistory({ lost: 0 }), drillVerdict(0));
const files = Object.fromEntries(renderComparison(bad, { a: report, b: { ...report, run: { ...report.run, id: evil } } }).map(({ name, text }) => [name, text]));
const textOf = (tag: Tag): string => tag.text + tag.children.map(textOf).join(' ');
const page = files['compare.html'] ?? '';
const tags = allTags(readMarkup(page, { voids: ['meta', 'input', 'br'], raw: ['style', 'script'] }));

describe('compare.html', () => {
  test('is well-formed, refers to nothing outside itself, and runs nothing', () => {
    expect(tags.filter((tag) => tag.name === 'h1')).toHaveLength(1);
    expect(tags.filter((tag) => tag.name === 'script')).toHaveLength(0);
    expect(page).not.toMatch(/https?:|@import|url\((?!#)/);
    const ids = tags.flatMap((tag) => tag.attributes['id'] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('says the word, the change, the stage, both time lines, and how it was decided', () => {
    const text = textOf(tags[0] as Tag).replace(/\s+/g, ' ');
    for (const said of ['WORSE', 'Recovery takes 55.0 s longer: 95.6 s instead of 40.6 s', 'stage.detect.dns', 'The two time lines', 'Holm (1979)', 'Gehan (1965)', '0 of 5 runs', 'Runs that were left out (1)']) expect(text).toContain(said);
    expect(tags.filter((tag) => tag.attributes['class'] === 'pair').length).toBeGreaterThanOrEqual(4);
    expect(tags.filter((tag) => tag.attributes['class']?.startsWith('run ')).length).toBe(30);
  });

  test('says that there are no time lines where only a compact history is left', () => {
    const without = renderComparison(bad, { a: report, b: null }).find(({ name }) => name === 'compare.html')?.text ?? '';
    expect(without).toContain('only the compact history is left');
    expect(() => readMarkup(without, { voids: ['meta', 'br'], raw: ['style'] })).not.toThrow();
  });
});

test('compare.md lets no name become a link, a mention, a tag or the wall of a table', () => {
  const text = files['compare.md'] ?? '';
  expect(text).toMatch(/^### Regionfall: worse/);
  expect(text).toContain('| recovery time (RTO) | 40.6 s | 95.6 s | +55.0 s | 5, 5 | 0.024 | **worse** |');
  expect(text).not.toContain('<script>');
  expect(text).not.toContain('@all');
  for (const row of text.split('\n').filter((line) => line.startsWith('|'))) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(9);
});

describe('junit.xml', () => {
  const suite = (text: string) => allTags(readMarkup(text));
  test('fails what is worse, and is well-formed whatever the names', () => {
    const found = suite(files['junit.xml'] ?? '');
    expect(found.filter((tag) => tag.name === 'testcase').map((tag) => [tag.attributes['name'], tag.children.map(({ name }) => name)])).toEqual([['failover.rto', ['failure', 'system-out']], ['loss.lost', ['system-out']], ['dns.convergence.max', ['system-out']]]);
  });

  test.each([
    ['no baseline', compare({ name: 'A', outcomes: [] }, { name: 'B', outcomes: outcomes('b', series(40)) }, asked), 1],
    ['not enough runs', compare({ name: 'A', outcomes: outcomes('a', series(40)).slice(0, 3) }, { name: 'B', outcomes: outcomes('b', series(90)) }, asked), 3],
    ['allowed', compare({ name: 'A', outcomes: outcomes('a', series(40)) }, { name: 'B', outcomes: outcomes('b', series(90)) }, { ...asked, allow: [{ measure: 'failover.rto', reason: 'known', issue: '#1', until: '2026-12-31', file: 'x', line: 1 }] }), 1],
  ])('%s is skipped, never failed', (_what, comparison, skipped) => {
    const text = renderComparison(comparison, { a: null, b: null }).find(({ name }) => name === 'junit.xml')?.text ?? '';
    expect(suite(text).filter((tag) => tag.name === 'skipped')).toHaveLength(skipped);
    expect(suite(text).filter((tag) => tag.name === 'failure')).toHaveLength(0);
  });
});

test('the terminal is told in plain text, and moved by no name', () => {
  const text = tabulate(bad, paintFor({ isTTY: false }, {})).join('\n');
  expect(text).toContain('WORSE  Recovery takes 55.0 s longer');
  expect(text).toContain('1 left out');
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
});
