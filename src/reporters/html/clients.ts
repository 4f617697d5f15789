import type { Measure } from '../../check.ts';
import { findingOf, type Report } from '../../report.ts';
import { failoverDetails, type FailoverDetails } from '../../report/details.ts';
import { number, placesOf, sayBounds } from '../say.ts';
import { html, type Content, type Markup } from './markup.ts';
import { table, type Column } from './table.ts';

type Row = NonNullable<FailoverDetails['probes']>[number];

/** Every client and writer beside the reference client: how long each was without, how often it flapped, and what it was told. */
export function clients(report: Report): Markup | null {
  const { probes } = failoverDetails(findingOf(report, 'failover-time'));
  if (!probes || probes.length === 0) return null;
  // A direct probe of the standby is no client: it tells of the promotion.
  const direct = new Set(report.run.probes.filter((probe) => probe.kind === 'direct').map((probe) => probe.name));
  const sorted = probes.filter((row) => !direct.has(row.probe)).toSorted((a, b) => Number(b.client) - Number(a.client));
  return html`<section id="clients"><h2>What each client had of it</h2><p class="lead">Until heal. The objective is judged by the reference client alone; the others stand beside it.</p>${table(columns, sorted.map((row) => ({ cells: cellsOf(row) })))}<p class="fine">Slow: good, but slower than three times what 99 % of the looks before the fault took.</p></section>`;
}

const columns: readonly Column[] = [{ words: 'Probe' }, { words: 'Longest outage', n: true }, { words: 'Downtime in all', n: true }, { words: 'Flaps', n: true }, { words: 'Bad looks', n: true }, { words: 'Slow', n: true }, { words: 'What it met' }];

function cellsOf(row: Row): Content[] {
  return [
    html`${row.probe}${row.client ? html`<span class="tag">reference</span>` : null}<small>${row.says} from ${row.place}</small>`, bounds(row.longest, row.longest.censored), bounds(row.downtime, false),
    number(row.flaps, 'count'), `${number(row.bad, 'count')} of ${number(row.looks, 'count')}`, row.slow === null ? '\u2013' : `${number(row.slow, 's')} s`, errors(row),
  ];
}

function bounds({ value, low, high }: { readonly value: number; readonly low: number; readonly high: number | null }, censored: boolean): Markup {
  const measure: Measure = { name: '', value, low, high, unit: 's', censored, n: 1 };
  const between = sayBounds(measure);
  return html`${censored ? '> ' : ''}${number(value, 's', placesOf(measure))} s${between === '' ? null : html` <small>${between}</small>`}`;
}

function errors(row: Row): string {
  const found = Object.entries(row.errors).sort((a, b) => b[1] - a[1]);
  return found.slice(0, 5).map(([text, times]) => `${text.replace(/: *This operation was aborted\.?$/, '').slice(0, 80)} \u00d7 ${number(times, 'count')}`).join(', ') + (found.length > 5 ? `, ${found.length - 5} more kinds` : '');
}
