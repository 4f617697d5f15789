import { counts, type Advice, type Report } from '../../report.ts';
import { aboutAdvice, saySum } from '../say-advice.ts';
import { html, type Markup } from './markup.ts';

/** What to change, each with its evidence, its arithmetic, and its price; where nothing was broken, nothing. */
export function advice(report: Report): Markup | null {
  if (report.faults.every((fault) => fault.t0 === null)) return null;
  const none = counts(report) ? 'Nothing that this run saw is a reason to change a setting that this page knows.' : 'This run does not count, and what it saw is no reason to change a setting.';
  return html`<section id="advice"><h2>What to change</h2>${report.advice.length === 0 ? html`<p class="lead">${none}</p>` : html`<p class="lead">${aboutAdvice}</p><ol class="advice">${report.advice.map(item)}</ol>`}</section>`;
}

function item(one: Advice): Markup {
  return html`<li><p class="change"><b>${one.change}</b></p>${drawing(one)}<p>${one.because}</p><p class="fine">Price: ${one.price}.</p></li>`;
}

/** What is, and within it what would be: a bar, and the span that the sum lies in. */
function drawing(one: Advice): Markup | null {
  const { sum } = one;
  if (!sum || sum.now <= 0) return null;
  const x = (value: number) => Math.round(Math.min(1, value / sum.now) * 1_000) / 10;
  return html`<div class="saving"><svg class="gauge" width="100%" height="22" aria-hidden="true"><rect y="5" width="100%" height="12" rx="2" class="now"/><rect y="5" width="${x(sum.low)}%" height="12" rx="2" class="value"/><rect x="${x(sum.low)}%" y="5" width="${Math.max(0.6, x(sum.high) - x(sum.low))}%" height="12" class="maybe"/></svg><span class="took"><code>${sum.measure}</code> ${saySum(one)}</span></div>`;
}
