import { describe, expect, test } from '@jest/globals';
import type { Verdict } from '../check.ts';
import type { Entry, History } from '../history.ts';
import { makeReport } from '../report.ts';
import { drillHistory } from './fixture.ts';
import { html } from './html.ts';
import { drillVerdict, made } from './verdict-fixture.ts';
import { allTags, readMarkup, type Tag } from './well-formed-fixture.ts';

const render = (history: History, verdict: Verdict): string => html.render?.(makeReport(history, verdict), history)[0]?.text ?? '';
const read = (text: string): Tag[] => allTags(readMarkup(text, { voids: ['meta', 'input', 'br'], raw: ['style', 'script'] }));
const textOf = (tag: Tag): string => tag.text + tag.children.map(textOf).join(' ');
const page = render(drillHistory({ lost: 12, blind: true }), drillVerdict(12));
const tags = read(page);

describe('report.html', () => {
  test('is well-formed, with one of each id, one title, one h1, and headings that skip no level', () => {
    const ids = tags.flatMap((tag) => tag.attributes['id'] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(tags.filter((tag) => tag.name === 'h1')).toHaveLength(1);
    expect(tags.filter((tag) => tag.name === 'main')).toHaveLength(1);
    const levels = tags.flatMap((tag) => /^h([1-6])$/.exec(tag.name)?.[1] ?? []).map(Number);
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    expect(tags.find((tag) => tag.name === 'html')?.attributes['lang']).toBe('en');
  });

  test('refers to nothing outside itself, and forbids it', () => {
    for (const tag of tags) {
      for (const name of ['src', 'href', 'xlink:href', 'srcset', 'action', 'data', 'poster']) expect(tag.attributes[name]).toBeUndefined();
      expect(['link', 'iframe', 'object', 'embed', 'img', 'base']).not.toContain(tag.name);
    }
    expect(page).not.toMatch(/https?:|@import|url\((?!#)/);
    expect(tags.find((tag) => tag.attributes['http-equiv'] === 'Content-Security-Policy')?.attributes['content']).toMatch(/^default-src 'none'/);
  });

  test('says the verdict by word and sentence, and the three numbers with bounds, objective, and both sides of the cut', () => {
    const text = tags[0] ? textOf(tags[0]).replace(/\s+/g, ' ') : '';
    for (const said of ['FAIL', '12 acknowledged writes were lost', '3 of 4 objectives met, 1 missed', '88.4 s (87.9-88.7)', 'at most 120 s', 'before the cut (RPO)', 'after the cut', '51.3 s (51.0-51.5)', 'at most 90 s', 'needs 20 resolvers', 'What this run cannot show', 'regionfall judge', 'What was predicted']) expect(text).toContain(said);
  });

  test('draws every probe, fault and mark, with a title for each span', () => {
    const lanes = tags.filter((tag) => tag.attributes['class'] === 'row').map((tag) => textOf(tag.children[0] as Tag).trim());
    for (const probe of drillHistory().run.probes) expect(lanes.some((lane) => lane.startsWith(probe.name))).toBe(true);
    expect(lanes.some((lane) => lane.startsWith('lose primary'))).toBe(true);
    expect(page).toContain('blind +44.0 s to +47.5 s (3.5 s): the agent outside sent no beat');
    for (const strip of tags.filter((tag) => tag.name === 'g')) expect(strip.children[0]?.name).toBe('title');
  });

  test('says what to change with its evidence and its price, and where nothing is to be changed, that', () => {
    const advice = [{ name: 'dns.ttl', change: 'the TTL: 5 s instead of 60 s', because: '51.3 of 88.4 s were the resolver\'s', price: 'more questions', sum: { measure: 'failover.rto', unit: 's' as const, now: 88.4, low: 37.1, high: 42.1 } }];
    const report = makeReport(drillHistory(), drillVerdict());
    const text = (some: typeof advice) => { const [root] = read(html.render?.({ ...report, advice: some }, drillHistory())[0]?.text ?? ''); return root ? textOf(root).replace(/\s+/g, ' ') : ''; };
    for (const said of ['What to change', 'the TTL: 5 s instead of 60 s', '88.4 s \u2192 37.1 to 42.1 s', '51.3 of 88.4 s', 'Price: more questions']) expect(text(advice)).toContain(said);
    expect(text([])).toContain('Nothing that this run saw is a reason to change a setting');
  });

  test('stays under a megabyte when every probe flaps for ten minutes', () => {
    const { run } = drillHistory();
    const entries: Entry[] = run.probes.flatMap((probe) => Array.from({ length: Math.floor(600_000 / probe.everyMs) }, (_, seq): Entry => {
      const started = seq * probe.everyMs;
      return { kind: 'sample', at: started, says: probe.says, probe: probe.name, place: probe.place, seq, scheduled: started, started, ended: started + 5, ok: seq % 3 !== 0, error: seq % 3 === 0 ? 'timed out' : null, data: null };
    }));
    expect(render({ run, entries, status: 'completed' }, drillVerdict()).length).toBeLessThan(1_000_000);
  });
});

describe('whatever a run holds', () => {
  const evil = `</title><script>alert("1")</script>&lt;'"`;

  test('text from a run is text on the page', () => {
    const base = drillHistory({ title: evil });
    const run = { ...base.run, id: evil, scenario: evil, world: evil, predicts: evil, probes: base.run.probes.map((probe) => ({ ...probe, name: probe.name + evil })), checks: [{ name: evil, kind: 'failover-time', objective: { [`max${evil}`]: 1_000 } }], faults: base.run.faults.map((fault) => ({ ...fault, kind: evil, params: { how: evil, [evil]: evil } })) };
    const entries = base.entries.map((entry): Entry => {
      if (entry.kind === 'sample') return { ...entry, probe: entry.probe + evil, error: entry.ok ? null : evil } as Entry;
      if (entry.kind === 'mark') return { ...entry, who: evil, what: evil, subject: evil, evidence: { [evil]: evil } };
      return entry.kind === 'fault' ? { ...entry, evidence: [evil] } : entry;
    });
    const verdict: Verdict = { ruling: 'fail', because: evil, findings: [{ check: evil, kind: 'failover-time', ruling: 'fail', because: evil, measures: [made('failover.rto', null, null, { reason: evil })] }, { check: evil, kind: 'data-loss', ruling: 'fail', because: evil, measures: [], details: { writes: [{ op: evil, ackedAt: 1, server: evil, gtid: evil, class: evil, cut: evil }], errant: evil, phantoms: [evil] } }] };
    const text = render({ ...base, run, entries: [...entries, { kind: 'note', at: 1, text: evil }] }, verdict);
    const all = read(text);
    expect(all.filter((tag) => tag.name === 'script')).toHaveLength(1);
    expect(text).not.toContain('<script>alert');
    expect(all.find((tag) => tag.name === 'h1')?.text).toBe(evil);
  });

  test.each([
    ['nothing happened', { entries: [], status: 'aborted' as const }, { ruling: 'inconclusive', because: 'nothing was seen', findings: [] } as Verdict],
    ['details have shapes nobody knows', { entries: drillHistory().entries, status: 'completed' as const }, { ...drillVerdict(1), findings: drillVerdict(1).findings.map((finding) => ({ ...finding, details: { writes: 7, stages: [null], resolvers: 'x', errant: { errant: 'many' }, probes: [{}], expected: [] } })) } as Verdict],
    ['details are no object', { entries: drillHistory().entries, status: 'completed' as const }, { ...drillVerdict(1), findings: drillVerdict(1).findings.map((finding) => ({ ...finding, details: 'none' })) } as Verdict],
  ])('the page stands when %s', (_, part, verdict) => {
    const text = render({ run: drillHistory().run, ...part }, verdict);
    expect(read(text).some((tag) => tag.name === 'h1')).toBe(true);
    expect(text).not.toMatch(/NaN|undefined|\[object/);
  });

  test('a value at the limit of observation is never printed as that value', () => {
    const text = render(drillHistory(), { ruling: 'inconclusive', because: 'x', findings: [{ check: 'rto', kind: 'failover-time', ruling: 'inconclusive', because: 'x', measures: [made('failover.rto', 120, null, { low: 120, censored: true })] }] });
    expect(text).toMatch(/&gt; <b>120\.0<\/b> s/);
  });
});
