import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../../check.ts';
import type { Details } from '../../checks/updates/details.ts';
import { makeReport } from '../../report.ts';
import { drillHistory, script } from '../fixture.ts';
import { html } from '../html.ts';
import { markdown } from '../markdown.ts';
import { drillVerdict, made } from '../verdict-fixture.ts';

const told = (value: string, server: string) => ({ value, ackedAt: script.break + 1_500, server });
const details: Details = {
  authority: 'us-west-2', revertedInAll: 1_200, conflictingInAll: 1, phantoms: [], refused: 0, undecided: 2, neverRead: 0, slots: [],
  reverted: Array.from({ length: 1_000 }, (_, index) => ({ ...told(`in|side:${index}`, '1'), group: 'st<ock', slot: index % 8, gtid: null, after: index % 2 === 0 ? 'outside:9' : null, still: index % 2 === 0 ? ['ap-northeast-2'] : [] })),
  conflicting: [{ group: 'st<ock', slot: 3, over: null, values: [told('inside:4', '1'), told('outside:4', '2')], ends: [{ region: 'ap-northeast-2', holds: 'inside:4', buildsOn: ['inside:4'] }, { region: 'us-west-2', holds: null, buildsOn: [] }] }],
};
const finding: Finding = { check: 'updates', kind: 'lost-updates', ruling: 'fail', because: '1,200 updates were taken away.', details, measures: [made('updates.reverted', 1_200, [1_200, 1_202], { unit: 'writes' }), made('updates.conflicting', 1, [1, 1], { unit: 'count' })] };
const history = drillHistory();
const render = (...findings: Finding[]) => {
  const verdict = drillVerdict();
  const report = makeReport(history, { ...verdict, findings: [...verdict.findings, ...findings] });
  return { page: html.render?.(report, history)[0]?.text ?? '', text: markdown.render?.(report, history)[0]?.text ?? '' };
};
const { page, text } = render(finding);
const section = /<section id="updates">.*?<\/section>/s.exec(page)?.[0] ?? '';

describe('what became of every update', () => {
  test('stands in the page with its counts, bounds and both lists, and how many more there are', () => {
    for (const said of ['1,200 <small>(1,200-1,202)</small>', 'The conflicting updates (1)', 'The reverted updates (1,200, the first 200 here)', 'st&lt;ock 3', '<code>inside:4</code> <small>server 1, +1.500 s</small>', 'which builds on neither', 'which builds on inside:4', 'no database']) expect(section).toContain(said);
    expect(section.match(/<tr/g)?.length).toBeLessThan(230);
  });

  test('stands in the page for a pull request, ten of a list', () => {
    expect(text).toContain('updates taken away, of all acknowledged');
    expect(text).toContain('### Conflicting updates\n');
    expect(text).toContain('### Reverted updates (the first 10 of 1,200)');
    expect(text.match(/in\\\|side|in\|side/g)?.length).toBe(10);
  });

  test('is not there where nobody asked, and breaks nothing where its details are of another shape', () => {
    expect(render().page).not.toContain('id="updates"');
    expect(render({ ...finding, details: { reverted: 'many' } }).page).toContain('id="updates"');
  });
});
