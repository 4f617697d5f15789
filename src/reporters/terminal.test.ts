import { describe, expect, test } from '@jest/globals';
import { makeReport } from '../report.ts';
import type { Entry } from '../history.ts';
import { drillHistory } from './fixture.ts';
import { openTerminal, type Stream } from './terminal.ts';
import { drillVerdict } from './verdict-fixture.ts';

const history = drillHistory();
const expected = { scenario: 'dr-drill', baselineMs: 30_000, faults: [{ atMs: 0, atMostMs: 240_000 }], probes: history.run.probes };
const escapes = /\u001b|\r/;

function watch(entries: readonly Entry[], stream: Partial<Stream>, env: Record<string, string> = {}, now?: () => number): string {
  let text = '';
  const terminal = openTerminal(expected, { write: (more) => { text += more; }, ...stream }, env, now);
  terminal.opening('two databases answer');
  for (const entry of entries) terminal.see(entry);
  terminal.close(makeReport({ ...history, entries }, drillVerdict(2)), 'reports/one');
  return text;
}

describe('without a terminal', () => {
  const text = watch(history.entries, {});
  const lines = text.split('\n');

  test('plain lines, and only on change', () => {
    expect(text).not.toMatch(escapes);
    expect(lines.length).toBeLessThan(90);
    expect(lines[0]).toContain('two databases answer');
  });

  test('says phases with their planned lengths, faults, marks, and who is up and down', () => {
    for (const said of ['  0:30  == baseline (0:30)', '  1:00  == break (at most 4:00)', '  1:00  lose primary: proven', '  1:04  pilot: declared dead ap-northeast-2', '  1:01  down  front door since 1:00: timed out', '  2:29  up    front door since 2:28: us-west-2', '  3:56  == done: completed']) expect(lines).toContain(said);
    expect(lines.filter((line) => line.includes('names@stretch'))).toEqual(['  0:01  up    names@stretch since 0:00: ap-northeast-2']);
  });

  test('a database that is not promoted is shut, not down', () => {
    expect(text).toContain('shut  promotion');
    expect(text).not.toContain('down  promotion');
  });

  test('ends with the verdict, the measures beside their objectives, and the path of the report', () => {
    const end = text.slice(text.indexOf('FAIL'));
    expect(end).toMatch(/recovery time \(RTO\) +88\.4 s \(87\.9-88\.7\) +at most 120 s +pass/);
    expect(end).toMatch(/writes lost, of all acknowledged +2 writes +no lost write +fail/);
    expect(end).toMatch(/lost after the cut +2 writes/);
    expect(end).toContain('fail rpo: 2 acknowledged writes were lost');
    expect(end).toContain('reports/one/report.html');
  });
});

test('advice is told shortly: what to change and what it would make of which measure', () => {
  let text = '';
  const one = (name: string) => ({ name, change: `change ${name}`, because: 'because', price: 'price', sum: { measure: 'failover.rto', unit: 's' as const, now: 88.4, low: 37.1, high: 42.1 } });
  openTerminal(expected, { write: (more) => { text += more; } }, {}).close({ ...makeReport(history, drillVerdict()), advice: ['a', 'b', 'c', 'd'].map(one) }, 'reports/one');
  expect(text).toContain('  advice  change a: failover.rto 88.4 s \u2192 37.1 to 42.1 s');
  expect(text).toContain('and 1 more in the report');
  expect(text).not.toContain('change d');
});

describe('on a terminal', () => {
  test('repaints one line, at most once a second between events, and never wider than the screen', () => {
    let ms = 0;
    const entries = history.entries.filter((entry) => entry.at > 70_000 && entry.at < 80_000);
    const text = watch(entries, { isTTY: true, columns: 60 }, { TERM: 'xterm' }, () => { ms += 10; return ms; });
    const painted = text.slice(0, text.indexOf('FAIL')).split('\u001b[K').filter((part) => part.startsWith(' ') && !part.includes('\n'));
    expect(painted.length).toBeGreaterThan(3);
    expect(painted.length).toBeLessThanOrEqual(Math.ceil(ms / 1_000) + 15);
    for (const line of painted) expect(line.replace('\r', '').length).toBeLessThan(60);
  });

  test('what is down stands first, with for how long', () => {
    let ms = 0;
    const text = watch(history.entries.filter((entry) => entry.at < 75_000), { isTTY: true, columns: 200 }, { TERM: 'xterm' }, () => { ms += 1; return ms; });
    expect(text).toMatch(/break 0:1\d of at most 4:00 \| down: front door 0:1\d, .*\| ap-northeast-2: names@strict/);
  });

  test('NO_COLOR takes the colours and nothing else', () => {
    const coloured = watch(history.entries.slice(0, 50), { isTTY: true }, { TERM: 'xterm' });
    const plain = watch(history.entries.slice(0, 50), { isTTY: true }, { TERM: 'xterm', NO_COLOR: '1' });
    expect(coloured).toMatch(/\u001b\[\d+m/);
    expect(plain).not.toMatch(/\u001b\[\d+m/);
    expect(plain).toContain('\u001b[K');
  });

  test('a name from a run cannot move the cursor', () => {
    const evil = watch([{ kind: 'note', at: 1, text: 'a\u001b[2Jb\nc' }], {});
    expect(evil).not.toMatch(escapes);
    expect(evil).toContain('a [2Jb c');
  });
});
