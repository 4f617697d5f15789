import type { Finding } from '../../check.ts';
import { findingOf, type Report } from '../../report.ts';
import { updatesDetails, type UpdatesDetails } from '../../report/details.ts';
import { measureOf, moment, number } from '../say.ts';
import { html, type Markup } from './markup.ts';
import type { Moments } from './moments.ts';
import { table, type Line } from './table.ts';

const rows: readonly (readonly [measure: string, words: string, meaning: string, counts: string])[] = [
  ['updates.acked', 'acknowledged', 'COMMIT was acknowledged to the client', 'what could be taken away'],
  ['updates.reverted', 'reverted', 'acknowledged, and what serves in the end does not build on it', 'data loss'],
  ['updates.slots', '\u2013 slots', 'of which at least one update was reverted', 'data loss'],
  ['updates.setBack', '\u2013 set back', 'slots in which an older value than a reverted one stands in the end', 'data loss'],
  ['updates.conflicting', 'conflicting', 'two writers changed one value on two servers, and neither had seen the other', 'one of the two is lost, or the copies differ'],
  ['updates.diverged', 'diverged', 'slots in which the databases differ in the end', 'divergence'],
  ['updates.indeterminate', 'indeterminate', 'sent, and nobody knows: the connection broke or timed out', 'neither loss nor success'],
  ['updates.phantom', 'phantom', 'values that nobody can have written', 'a defect of harness or database'],
];
const loud = new Set(['updates.reverted', 'updates.slots', 'updates.setBack', 'updates.conflicting', 'updates.diverged', 'updates.phantom']);
/** A page shows no more than so many of a list: the rest stands in report.json. */
const shown = 200;

/** What became of every update of a register, the reverted and the conflicting ones by themselves. */
export function updates(report: Report, moments: Moments): Markup | null {
  const finding = findingOf(report, 'lost-updates');
  if (!finding) return null;
  const details = updatesDetails(finding);
  return html`<section id="updates"><h2>What became of every update</h2><p class="lead">${finding.because}</p>
${table([{ words: 'Class' }, { words: 'Number', n: true }, { words: 'Meaning' }, { words: 'Counts as' }], rows.flatMap((row) => line(finding, row)))}
${conflicts(details, moments)}${reverted(details, moments)}</section>`;
}

function line(finding: Finding, [name, words, meaning, counts]: (typeof rows)[number]): Line[] {
  const measure = measureOf(finding, name);
  if (!measure) return [];
  const look = measure.value === 0 ? 'zero' : loud.has(name) && measure.value !== null ? 'loud' : '';
  const range = measure.high !== null && measure.high !== measure.value ? html` <small>(${number(measure.low ?? 0, 'writes')}-${number(measure.high, 'writes')})</small>` : null;
  return [{ look, cells: [words, measure.value === null ? 'not told' : html`${number(measure.value, 'writes')}${range}`, html`${meaning}${measure.reason === undefined ? null : html`<small> (${measure.reason})</small>`}`, counts] }];
}

const value = (one: string | null): Markup | string => (one === null ? 'nothing' : html`<code>${one}</code>`);

function conflicts({ conflicting, conflictingInAll }: UpdatesDetails, moments: Moments): Markup | null {
  if (!conflicting || conflicting.length === 0) return null;
  const told = (one: (typeof conflicting)[number]['values'][number]) => html`<code>${one.value}</code> <small>server ${one.server ?? '?'}, ${moment(one.ackedAt, moments.zero, 3)}</small>`;
  return listed('The conflicting updates', conflictingInAll ?? conflicting.length, Math.min(shown, conflicting.length), table(
    [{ words: 'Slot' }, { words: 'Both took the place of' }, { words: 'One' }, { words: 'The other' }, { words: 'In the end' }],
    conflicting.slice(0, shown).map(({ group, slot, over, values: [one, other], ends }) => ({ cells: [`${group} ${slot}`, value(over), told(one), told(other), html`${ends.map((end) => html`<div>${end.region}: ${value(end.holds)}${end.buildsOn.length === 0 ? ', which builds on neither' : html`, which builds on ${end.buildsOn.join(' and ')}`}</div>`)}`] })),
  ));
}

function reverted({ reverted: list, revertedInAll }: UpdatesDetails, moments: Moments): Markup | null {
  if (!list || list.length === 0) return null;
  return listed('The reverted updates', revertedInAll ?? list.length, Math.min(shown, list.length), table(
    [{ words: 'Slot' }, { words: 'Value' }, { words: 'Acknowledged', n: true }, { words: 'Server' }, { words: 'In the end' }, { words: 'Still seen in' }],
    list.slice(0, shown).map((one) => ({ cells: [`${one.group} ${one.slot}`, value(one.value), moment(one.ackedAt, moments.zero, 3), one.server ?? '', value(one.after), one.still.length === 0 ? 'no database' : one.still.join(', ')] })),
  ));
}

function listed(title: string, all: number, here: number, body: Markup): Markup {
  return html`<details><summary>${title} (${number(all, 'count')}${all > here ? `, the first ${number(here, 'count')} here` : ''})</summary>${body}</details>`;
}
