import type { Finding } from '../../check.ts';
import { findingOf, type Report } from '../../report.ts';
import { wayBackDetails } from '../../report/details.ts';
import { measureOf, moment, number, sayMeasure } from '../say.ts';
import { html, type Markup } from './markup.ts';
import type { Moments } from './moments.ts';
import { table, type Line } from './table.ts';

const rows: readonly [measure: string, words: string, meaning: string][] = [
  ['redundancy.restored.heal', 'redundant again, from heal', 'until all copies were attached and their checksums matched at one position'],
  ['redundancy.restored.t0', 'redundant again, from T0', 'the time with one copy less than planned'],
  ['failback.pause', 'pause of writes', 'the longest, while the region was handed back'],
  ['failback.early', 'served too early', 'from heal to the first request served by a region that had not rejoined'],
];

/** The way back: what heal, rejoin and fail-back cost, as measures of their own. */
export function wayBack(report: Report, moments: Moments): Markup | null {
  const finding = findingOf(report, 'fail-back');
  if (!finding || moments.heal === null) return null;
  const { pauses, writer, early, copiesMatch } = wayBackDetails(finding);
  return html`<section id="way-back"><h2>The way back</h2><p class="lead">${finding.because}</p>${table([{ words: '' }, { words: '', n: true }, { words: '' }], rows.flatMap((row) => line(finding, row)))}
<ul>${pauses && pauses.length > 0 ? html`<li>Pauses of ${writer ?? 'the writer'}: ${pauses.slice(0, 20).map((pause) => `${moment(pause.from, moments.zero)} to ${pause.to === null ? 'the end' : moment(pause.to, moments.zero)} (${number(pause.n, 'count')} writes not taken)`).join('; ')}.</li>` : null}
${early ? html`<li><b>${early.region}</b> served ${early.probe} at ${moment(early.at, moments.zero)}, before it had rejoined.</li>` : null}
${copiesMatch === true ? html`<li>The copies were read again in the end, and match.</li>` : copiesMatch === false ? html`<li><b>The copies were read again in the end, and differ.</b></li>` : null}</ul></section>`;
}

function line(finding: Finding, [name, words, meaning]: (typeof rows)[number]): Line[] {
  const measure = measureOf(finding, name);
  return measure ? [{ cells: [html`${words}<small><code>${name}</code></small>`, measure.value === null ? 'none' : sayMeasure(measure), measure.value === null ? measure.reason ?? 'not measured' : meaning] }] : [];
}
