import { describe, expect, test } from '@jest/globals';
import type { Verdict } from '../check.ts';
import type { Entry, History } from '../history.ts';
import { makeReport, type Report } from '../report.ts';
import { drillHistory } from './fixture.ts';
import { markdown } from './markdown.ts';
import { escapeMarkdown } from './markdown/escape.ts';
import { drillVerdict, made } from './verdict-fixture.ts';

const history = drillHistory();
const show = (report: Report): string => markdown.render?.(report, history)[0]?.text ?? '';
const render = (of: History, verdict: Verdict): string => show(makeReport(of, verdict));
const saved = { name: 'dns.ttl', change: 'the TTL: 5 s instead of 60 s', because: '51.3 of 88.4 s were the resolver\'s: the TTL is 60 s; with 5 s the sum is 37.1 to 42.1 s.', price: 'resolvers ask up to 12 times as often', sum: { measure: 'failover.rto', unit: 's' as const, now: 88.4, low: 37.1, high: 42.1 } };

/** Rows of every table, cells apart: at pipes that are not escaped. */
const tables = (text: string): string[][] => text.split('\n').filter((line) => line.startsWith('|')).map((line) => line.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim()));

describe('report.md', () => {
  test('says verdict, numbers with bounds and objectives, what to change, what it cannot show, and how to do it again', () => {
    const text = show({ ...makeReport(history, drillVerdict(12)), advice: [saved] });
    expect(text).toMatch(/^## FAIL: Lose the primary region\n\nOf 4 objectives 3 met, 1 missed\.\n/);
    const rows = tables(text);
    expect(rows).toContainEqual(['recovery time (RTO)', '88.4 s (87.9-88.7)', 'at most 120 s', '**pass**']);
    expect(rows).toContainEqual(['writes lost, of all acknowledged', '12 writes', 'no lost write', '**fail**']);
    expect(text).toContain('- **fail** `rpo`: 12 acknowledged writes were lost');
    expect(text).toContain('- **the TTL: 5 s instead of 60 s** (`failover.rto` 88.4 s \u2192 37.1 to 42.1 s): 51.3 of 88.4 s');
    expect(text).toContain('What this run cannot show');
    expect(text).toContain('```sh\nnpm run scenario dr-drill -- --on embedded\nnpm run regionfall judge reports/20261122-0500-a1b2\n```');
    expect(text.length).toBeLessThan(20_000);
  });

  test('a passed run says so in its own sentence, and advice that is not there has no heading', () => {
    const text = render(history, drillVerdict());
    expect(text).toContain('## PASS: Lose the primary region\n\nUsers were back after 88.4 s');
    expect(text).not.toContain('What to change');
  });

  test('every row of a table has as many cells as its head', () => {
    const evil = 'a|b\\|c`d``e\n| f';
    const verdict = drillVerdict(12);
    const named = { ...history, run: { ...history.run, checks: history.run.checks.map((check) => ({ ...check, name: `${check.name}${evil}` })) } };
    const findings = verdict.findings.map((finding) => ({ ...finding, check: `${finding.check}${evil}`, measures: [...finding.measures, made('failover.rto', null, null, { reason: evil })].toReversed(), details: { stages: [{ name: 'failover.rto', path: evil, from: 1, to: 2 }, { name: 'failover.detect.db', path: evil, from: 1, to: 2 }] } }));
    const rows = tables(render(named, { ...verdict, because: evil, findings }));
    const widths = rows.reduce<number[][]>((groups, row, index) => (index > 0 && rows[index + 1]?.[0] === '---' ? [...groups, [row.length]] : [...groups.slice(0, -1), [...(groups.at(-1) ?? []), row.length]]), [[]]);
    expect(rows.length).toBeGreaterThan(8);
    for (const group of widths) expect(new Set(group).size).toBe(1);
  });

  test('text from a run is text: no markup, no link, no mention, no line of its own', () => {
    const evil = '</details><img src=x> [x](http://y.test) @somebody *b* _i_ `c` # h\n\n## injected\n- item &lt;';
    const entries = history.entries.map((entry): Entry => (entry.kind === 'fault' ? { ...entry, evidence: [evil] } : entry));
    const run = { ...history.run, title: evil, scenario: evil, id: evil, world: evil, faults: history.run.faults.map((fault) => ({ ...fault, kind: evil, place: evil, params: { how: evil } })) };
    const text = render({ ...history, run, entries }, { ruling: 'fail', because: evil, findings: [{ check: evil, kind: 'failover-time', ruling: 'fail', because: evil, measures: [made('failover.rto', null, null, { reason: evil })] }] });
    const outside = text.replace(/```+sh\n[\s\S]*?\n```+/g, '').replace(/(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, '');
    expect(outside).not.toMatch(/<img|(?<!\\)\]\(|@somebody|^## injected/m);
    expect(text.match(/^## /gm)).toHaveLength(1);
    expect(outside.match(/<\/?details>/g)).toEqual(['<details>', '</details>']);
  });

  test.each([['34.0 s', '34.0 s'], ['1. one', '1\\. one'], ['- x', '\\- x'], ['a_b', 'a\\_b'], ['names@strict', 'names@\u2060strict']])('%s is written %s', (from, to) => {
    expect(escapeMarkdown(from)).toBe(to);
  });
});
