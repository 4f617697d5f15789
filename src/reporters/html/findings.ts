import type { Finding, Measure } from '../../check.ts';
import type { Report } from '../../report.ts';
import { limitsOf } from '../objectives.ts';
import { number, sayMeasure } from '../say.ts';
import { badge } from './hero.ts';
import { html, type Markup } from './markup.ts';
import { table } from './table.ts';

/** Every finding with its ruling and sentence: first what made the run valid, then what was asked of it; and every measure, exactly. */
export function findings(report: Report): Markup {
  const { run, verdict } = report;
  const asked = (finding: Finding) => run.checks.some((check) => check.name === finding.check);
  const gates = verdict.findings.filter((finding) => !asked(finding));
  return html`<section id="findings"><h2>What was judged</h2>
${gates.length === 0 ? null : html`<h3>May this run be believed?</h3><p class="lead">If one of these does not hold, the run can neither pass nor fail.</p>${rulings(report, gates)}`}
<h3>What was asked</h3>${rulings(report, verdict.findings.filter(asked))}
<details><summary>Every measure, with bounds and counts</summary>${measures(verdict.findings)}</details></section>`;
}

function rulings(report: Report, rows: readonly Finding[]): Markup {
  const about = (finding: Finding) => [finding.kind === finding.check || finding.kind === 'gate' ? '' : finding.kind, ...limitsOf(report.run, finding.check).map((limit) => limit.words)].filter(Boolean).join(', ');
  return table([{ words: 'Check' }, { words: 'Ruling' }, { words: 'Because' }], rows.map((finding) => ({ cells: [html`${finding.check}<small>${about(finding)}</small>`, badge(finding.ruling), finding.because] })));
}

function measures(all: readonly Finding[]): Markup {
  return html`<div class="scroll"><table class="measures"><thead><tr><th>Measure</th><th class="n">Value</th><th class="n">Low</th><th class="n">High</th><th>Unit</th><th class="n">n</th><th>Remark</th></tr></thead><tbody>
${all.flatMap((finding) => finding.measures.map((measure) => html`<tr><th scope="row"><code>${measure.name}</code></th><td class="n" title="${sayMeasure(measure)}">${exact(measure, measure.value)}</td><td class="n">${exact(measure, measure.low)}</td><td class="n">${exact(measure, measure.high)}</td><td>${measure.unit}</td><td class="n">${number(measure.n, 'count')}</td><td>${[measure.censored ? 'censored: at least this' : '', measure.reason ?? ''].filter(Boolean).join('; ')}</td></tr>`))}</tbody></table></div>`;
}

function exact(measure: Measure, value: number | null): string {
  if (value === null) return '\u2013';
  return measure.unit === 's' ? value.toFixed(3) : number(value, measure.unit);
}
