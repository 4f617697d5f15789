import { describe, expect, test } from '@jest/globals';
import type { Verdict } from '../check.ts';
import { makeReport } from '../report.ts';
import { drillHistory } from './fixture.ts';
import { junit } from './junit.ts';
import { drillVerdict, made } from './verdict-fixture.ts';
import { allTags, readMarkup } from './well-formed-fixture.ts';

const render = (verdict: Verdict) => junit.render?.(makeReport(drillHistory(), verdict), drillHistory())[0]?.text ?? '';
const tagsOf = (verdict: Verdict) => allTags(readMarkup(render(verdict)));

describe('junit.xml', () => {
  test('has a test case a finding, and totals that agree', () => {
    const verdict = drillVerdict(4);
    const tags = tagsOf(verdict);
    const suite = tags.find((tag) => tag.name === 'testsuite');
    const cases = tags.filter((tag) => tag.name === 'testcase');
    expect(cases.map((one) => one.attributes['name'])).toEqual(verdict.findings.map((finding) => finding.check));
    expect(suite?.attributes).toMatchObject({ name: 'dr-drill', tests: String(cases.length), failures: '1', skipped: '0', errors: '0', time: '236.000' });
  });

  test('a missed objective fails with its sentence; measures stand in system-out with their bounds', () => {
    const missed = tagsOf(drillVerdict(4)).find((tag) => tag.name === 'testcase' && tag.attributes['name'] === 'rpo');
    expect(missed?.children.map((child) => child.name)).toEqual(['failure', 'system-out']);
    expect(missed?.children[0]?.attributes['message']).toContain('4 acknowledged writes were lost');
    const rto = tagsOf(drillVerdict()).find((tag) => tag.attributes['name'] === 'rto');
    expect(rto?.children.map((child) => child.name)).toEqual(['system-out']);
    expect(rto?.children[0]?.text).toContain('failover.rto = 88.4 s (87.9-88.7), n = 1');
    expect(rto?.children[0]?.text).toContain('stage.fence = not measured, n = 1 (not observed)');
  });

  test('inconclusive is skipped with its reason, measured is neither', () => {
    const tags = tagsOf({ ruling: 'inconclusive', because: 'x', findings: [
      { check: 'a', kind: 'k', ruling: 'inconclusive', because: 'the agent was blind', measures: [] },
      { check: 'b', kind: 'k', ruling: 'measured', because: 'measured, not judged', measures: [made('m', 120, null, { censored: true })] },
    ] });
    const [a, b] = tags.filter((tag) => tag.name === 'testcase');
    expect(a?.children[0]).toMatchObject({ name: 'skipped', attributes: { message: 'inconclusive: the agent was blind' } });
    expect(b?.children.map((child) => child.name)).toEqual(['system-out']);
    expect(b?.children[0]?.text).toContain('m = > 120.0 s');
    expect(tags.find((tag) => tag.name === 'testsuite')?.attributes).toMatchObject({ failures: '0', skipped: '1', tests: '2' });
  });

  test('whatever a name holds, it is well-formed XML 1.0', () => {
    const nasty = `</testcase><script>&"'\u0000\u0008\ud800\uffff ]]>`;
    const text = render({ ruling: 'fail', because: nasty, findings: [{ check: nasty, kind: nasty, ruling: 'fail', because: nasty, measures: [made(nasty, 1, null, { reason: nasty })] }] });
    expect(text).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
    expect(text).not.toContain('<script>');
    expect(text).not.toContain(']]>');
    const one = allTags(readMarkup(text)).find((tag) => tag.name === 'testcase');
    expect(one?.attributes['name']).toContain(`</testcase><script>&"'`);
  });
});
