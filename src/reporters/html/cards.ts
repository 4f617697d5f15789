import type { Finding, Measure } from '../../check.ts';
import { counts, findingOf, type Report } from '../../report.ts';
import { failoverDetails } from '../../report/details.ts';
import { limitsOf, type Limit } from '../objectives.ts';
import { chosen, measureOf, number, placesOf, sayBounds, sayMeasure } from '../say.ts';
import { gauge } from './gauge.ts';
import { badge } from './hero.ts';
import { html, type Markup } from './markup.ts';

/** The three numbers people came for, with bounds, objective and expectation; loss before the cut never without loss after it. */
export function cards(report: Report): Markup {
  return html`<section id="numbers" aria-label="The numbers"><div class="cards">${recovery(report)}${loss(report)}${names(report)}</div>${findingOf(report, 'failover-time') ?? findingOf(report, 'dns-convergence') ? key : null}</section>`;
}

const key = html`<p class="key"><span><svg class="gauge" width="10" height="26" aria-hidden="true"><line x1="5" x2="5" y1="2" y2="24" class="limit"/></svg> objective</span><span><svg class="gauge" width="34" height="26" aria-hidden="true"><rect x="1" y="4" width="32" height="18" rx="3" class="expected"/></svg> what the settings add up to</span><span>Brackets after a number are its bounds: the true value lies between them.</span></p>`;

function recovery(report: Report): Markup {
  const finding = findingOf(report, 'failover-time');
  const rto = measureOf(finding, 'failover.rto');
  const limit = limitFor(report, finding, 'max');
  const expected = failoverDetails(finding).expected ?? null;
  return card(report, 'Recovery time', 'RTO', finding, html`${big(rto)}${gauge(rto, limit?.value ?? null, expected)}
<dl>${fact('Objective', limit?.words ?? 'none set')}${fact('By arithmetic', expected ? `${number(expected.low, 's')} to ${number(expected.high, 's')} s${expected.exceeded ? ': exceeded' : ''}` : 'not given')}${fact('Longest outage', said(finding, 'failover.outage.longest'))}</dl>
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
  return card(report, 'Data loss', 'RPO, both sides of the cut', finding, html`<div class="two"><div>${big(rpo)}<p class="under">before the cut (RPO)</p></div><div>${big(after)}<p class="under">after the cut${span && span.value !== null && span.value > 0 ? `, over ${sayMeasure(span)}` : ''}</p></div></div>
<dl>${fact('Objective', [maxLost?.words, maxRpo?.words].filter(Boolean).join('; ') || 'none set')}${fact('Lost', lostOfAcked(measureOf(finding, 'loss.lost'), acked))}${fact('Nobody knows', said(finding, 'loss.indeterminate'))}</dl>
<p class="fine">A write is lost when it was acknowledged and the final read does not have it. One that timed out is neither lost nor kept; it is counted apart.</p>`);
}

function names(report: Report): Markup {
  const finding = findingOf(report, 'dns-convergence');
  const max = measureOf(finding, 'dns.convergence.max');
  const limit = limitFor(report, finding, 'max');
  const ttl = report.run.topology.settings.dns.ttl / 1_000;
  return card(report, 'DNS convergence', 'worst critical resolver', finding, html`${big(max)}${gauge(max, limit?.value ?? null, { low: 0, high: ttl })}
<dl>${fact('Objective', limit?.words ?? 'none set')}${fact('By arithmetic', `0 to ${ttl} s, the TTL`)}${fact('Authorities moved', said(finding, 'dns.authority'))}${fact('Median, p95', `${said(finding, 'dns.convergence.p50')}, ${said(finding, 'dns.convergence.p95')}`)}</dl>
<p class="fine">From the last authority's new answer to a resolver's last old one. Suspected of stretching TTLs: ${said(finding, 'dns.violators')}.</p>`);
}

function card(report: Report, title: string, about: string, finding: Finding | undefined, body: Markup): Markup {
  if (!finding) return html`<article class="card unasked"><h2>${title} <small>${about}</small></h2><p class="big none">not asked</p><p class="fine">The scenario has no check for it.</p></article>`;
  const alone = { pass: 'met', fail: 'missed', inconclusive: 'inconclusive', measured: 'measured, not judged' }[finding.ruling];
  const [ruling, words] = counts(report) || finding.ruling === 'measured' ? [finding.ruling, alone] : ['inconclusive' as const, `${alone}, but the run does not count`];
  return html`<article class="card ${ruling}"><h2>${title} <small>${about}</small></h2><p class="ruled">${badge(ruling, words)}</p>${body}</article>`;
}

function big(measure: Measure | undefined): Markup {
  if (!measure || measure.value === null) return html`<p class="big none">not measured<small>${measure?.reason ?? ''}</small></p>`;
  const unit = measure.unit === 'count' ? '' : measure.value === 1 ? measure.unit.replace(/(?<=.)s$/, '') : measure.unit;
  return html`<p class="big">${measure.censored ? '> ' : ''}<b>${number(measure.value, measure.unit, placesOf(measure))}</b> ${unit} <small>${sayBounds(measure)}</small></p>`;
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

function limitFor(report: Report, finding: Finding | undefined, key: string): Limit | undefined {
  return finding && limitsOf(report.run, finding.check).find((limit) => limit.key === key);
}
