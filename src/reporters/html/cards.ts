import type { Finding, Measure } from '../../check.ts';
import { findingOf, type Report } from '../../report.ts';
import { expectationOf, type Expectation } from '../details.ts';
import { limitsOf, type Limit } from '../objectives.ts';
import { chosen, measureOf, number, sayBounds, sayMeasure } from '../say.ts';
import { gauge } from './gauge.ts';
import { badge } from './hero.ts';
import { html, type Markup } from './markup.ts';

/** The three numbers people came for, with bounds, objective and expectation; loss before the cut never without loss after it. */
export function cards(report: Report): Markup {
  return html`<section id="numbers" aria-label="The numbers"><div class="cards">${recovery(report)}${loss(report)}${names(report)}</div></section>`;
}

function recovery(report: Report): Markup {
  const finding = findingOf(report, 'failover-time');
  const rto = measureOf(finding, 'failover.rto');
  const limit = limitFor(report, finding, 'max');
  const expected = expectationOf(finding);
  return card('Recovery time', 'RTO', finding, html`${big(rto)}${gauge(rto, limit?.value ?? null, expected?.seconds ?? null)}
<dl>${fact('Objective', limit?.words ?? 'none set')}${fact('By arithmetic', sayExpected(expected))}${fact('Longest outage', said(finding, 'failover.outage.longest'))}</dl>
<p class="fine">From T0 to the start of the first ${chosen(report.run.stableMs)} in which ${report.run.client.probes.join(' and ')} had every answer, before heal.</p>`);
}

function loss(report: Report): Markup {
  const finding = findingOf(report, 'data-loss');
  const rpo = measureOf(finding, 'loss.rpo');
  const after = measureOf(finding, 'loss.afterCut');
  const span = measureOf(finding, 'loss.afterCut.span');
  const maxRpo = limitFor(report, finding, 'maxRpo');
  const maxLost = limitFor(report, finding, 'maxLost');
  const acked = measureOf(finding, 'loss.acked');
  return card('Data loss', 'RPO, both sides of the cut', finding, html`<div class="two"><div>${big(rpo)}<p class="under">before the cut (RPO)</p></div><div>${big(after)}<p class="under">after the cut${span && span.value !== null && span.value > 0 ? `, over ${sayMeasure(span)}` : ''}</p></div></div>
<dl>${fact('Objective', [maxLost?.words, maxRpo?.words].filter(Boolean).join('; ') || 'none set')}${fact('Lost', lostOfAcked(measureOf(finding, 'loss.lost'), acked))}${fact('Nobody knows', said(finding, 'loss.indeterminate'))}</dl>
<p class="fine">A write is lost when it was acknowledged and the final read does not have it. One that timed out is neither lost nor kept; it is counted apart.</p>`);
}

function names(report: Report): Markup {
  const finding = findingOf(report, 'dns-convergence');
  const max = measureOf(finding, 'dns.convergence.max');
  const limit = limitFor(report, finding, 'max');
  const expected = expectationOf(finding);
  const ttl = report.run.topology.settings.dns.ttl / 1_000;
  return card('DNS convergence', 'worst critical resolver', finding, html`${big(max)}${gauge(max, limit?.value ?? null, expected?.seconds ?? ttl)}
<dl>${fact('Objective', limit?.words ?? 'none set')}${fact('By arithmetic', expected ? sayExpected(expected) : `at most ${ttl} s, the TTL`)}${fact('Authorities moved', said(finding, 'dns.authority'))}${fact('Median, p95', `${said(finding, 'dns.convergence.p50')}, ${said(finding, 'dns.convergence.p95')}`)}</dl>
<p class="fine">From the last authority's new answer to a resolver's last old one. Suspected of stretching TTLs: ${said(finding, 'dns.violators')}.</p>`);
}

function card(title: string, about: string, finding: Finding | undefined, body: Markup): Markup {
  if (!finding) return html`<article class="card unasked"><h2>${title} <small>${about}</small></h2><p class="big none">not asked</p><p class="fine">The scenario has no check for it.</p></article>`;
  return html`<article class="card ${finding.ruling}"><h2>${title} <small>${about}</small></h2><p class="ruled">${badge(finding.ruling, { pass: 'met', fail: 'missed', inconclusive: 'inconclusive', measured: 'measured, not judged' }[finding.ruling])}</p>${body}</article>`;
}

function big(measure: Measure | undefined): Markup {
  if (!measure || measure.value === null) return html`<p class="big none">not measured<small>${measure?.reason ?? ''}</small></p>`;
  const unit = measure.unit === 'count' ? '' : measure.value === 1 ? measure.unit.replace(/(?<=.)s$/, '') : measure.unit;
  return html`<p class="big">${measure.censored ? '> ' : ''}<b>${number(measure.value, measure.unit)}</b> ${unit} <small>${sayBounds(measure)}</small></p>`;
}

function fact(name: string, value: string): Markup {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function said(finding: Finding | undefined, name: string): string {
  const measure = measureOf(finding, name);
  if (!measure) return 'not given';
  return measure.value === null && measure.reason !== undefined ? `not given (${measure.reason})` : sayMeasure(measure);
}

function lostOfAcked(lost: Measure | undefined, acked: Measure | undefined): string {
  if (!lost || lost.value === null) return lost?.reason ?? 'not measured';
  return `${number(lost.value, 'writes')} of ${acked && acked.value !== null ? number(acked.value, 'writes') : '?'} acknowledged`;
}

function sayExpected(expected: Expectation | null): string {
  return expected ? `about ${number(expected.seconds, 's')} s` : 'not given';
}

function limitFor(report: Report, finding: Finding | undefined, key: string): Limit | undefined {
  return finding && limitsOf(report.run, finding.check).find((limit) => limit.key === key);
}
