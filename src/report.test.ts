import { describe, expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { counts, makeReport, publish, toldRuling, type Reporter } from './report.ts';
import { drillHistory, script } from './reporters/fixture.ts';
import { drillVerdict } from './reporters/verdict-fixture.ts';
import { html } from './reporters/html.ts';
import { json } from './reporters/json.ts';
import { junit } from './reporters/junit.ts';

const history = drillHistory({ lost: 3 });
const verdict = drillVerdict(3);
const report = makeReport(history, verdict);

describe('a report', () => {
  test('holds run, verdict and schema as they were fixed', () => {
    expect(report.schema).toBe(1);
    expect(report.run).toEqual({ ...history.run, status: 'completed' });
    expect(report.verdict).toBe(verdict);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  test('tells T0 as a span, phases end where the next begins, marks stand in order', () => {
    expect(report.faults[0]?.t0).toEqual({ low: script.break, high: script.bites });
    expect(report.phases.find((span) => span.phase === 'break')).toEqual({ phase: 'break', from: script.break, to: script.heal });
    expect(report.phases.at(-1)?.to).toBe(report.endsAt);
    expect(report.marks.map((mark) => mark.at)).toEqual(report.marks.map((mark) => mark.at).toSorted((a, b) => a - b));
  });

  test('a fault without proof has no T0', () => {
    const unproven = { ...history, entries: history.entries.filter((entry) => entry.kind !== 'fault' || entry.state !== 'proven') };
    expect(makeReport(unproven, verdict).faults[0]?.t0).toBeNull();
  });

  test('says what the run cannot show, by what it was', () => {
    const said = report.cannotShow.join('\n');
    for (const word of ['n = 1', 'loss of power', 'Distance', 'service mesh', 'modelled Route 53', 'black-hole', 'must be woken']) expect(said).toContain(word);
    expect(said).not.toContain('true rate of up to 95 %');
    expect(makeReport(drillHistory(), drillVerdict()).cannotShow.join()).toContain('true rate of up to 95 %');
    expect(makeReport({ ...history, status: 'interrupted' }, verdict).cannotShow[0]).toContain('interrupted');
    expect(makeReport({ ...history, run: { ...history.run, world: 'sim' } }, verdict).cannotShow.join()).toContain('a model in virtual time');
    const outsideOnly = { ...history, run: { ...history.run, probes: history.run.probes.filter((probe) => probe.name !== 'inside') } };
    expect(makeReport(outsideOnly, verdict).cannotShow.join()).toContain('nobody wrote there');
  });
});

describe('publishing', () => {
  const inFolder = async (check: (dir: string) => Promise<void>) => {
    const dir = mkdtempSync(join(tmpdir(), 'regionfall-report-'));
    try { await check(join(dir, 'run')); } finally { rmSync(dir, { recursive: true }); }
  };

  test('writes every file, and the verdict before the first renderer runs', () => inFolder(async (dir) => {
    let there = false;
    const witness: Reporter = { kind: 'witness', render: () => { there = existsSync(join(dir, 'verdict.json')); return []; } };
    const written = await publish([witness, json, junit, html], report, history, dir);
    expect(there).toBe(true);
    expect(written).toEqual(['verdict.json', 'report.json', 'junit.xml', 'report.html']);
    expect(readdirSync(dir).sort()).toEqual([...written].sort());
    expect(JSON.parse(readFileSync(join(dir, 'verdict.json'), 'utf8'))).toEqual(verdict);
    expect(JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8'))).toEqual(report);
  }));

  test('a reporter that throws is noted and changes nothing else', () => inFolder(async (dir) => {
    const complaints: string[] = [];
    const broken: Reporter = { kind: 'broken', render: () => { throw new Error('no ink'); } };
    const written = await publish([broken, junit], report, history, dir, (line) => complaints.push(line));
    expect(written).toEqual(['verdict.json', 'junit.xml']);
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(/broken failed, the verdict stands: .*no ink/);
    expect(JSON.parse(readFileSync(join(dir, 'verdict.json'), 'utf8'))).toEqual(verdict);
  }));
});

test('a run of which nothing was asked is told as measured, and one whose gates do not hold does not count', () => {
  const measured = verdict.findings.map((finding) => finding.kind === 'gate' ? finding : { ...finding, ruling: 'measured' as const });
  expect(toldRuling({ ruling: 'pass', because: '', findings: measured })).toBe('measured');
  expect(toldRuling(drillVerdict())).toBe('pass');
  expect(toldRuling({ ...drillVerdict(), ruling: 'inconclusive' })).toBe('inconclusive');
  expect(counts(report)).toBe(true);
  const broken = verdict.findings.map((finding) => finding.kind === 'gate' ? { ...finding, ruling: 'inconclusive' as const } : finding);
  expect(counts(makeReport(history, { ...verdict, findings: broken }))).toBe(false);
});
