import type { Comparison, Judged } from '../../compare.ts';
import { sayDelta, sayFigure, sayP, wordsFor } from '../../series/words.ts';
import { html, type Markup } from '../html/markup.ts';
import { sayLossRate } from '../series.ts';
import { cells } from './terminal.ts';

/** The stages of both sides, median by median, each with two bars on one scale. */
export function stagePairs({ exploratory, explained }: Comparison): Markup | null {
  const stages = exploratory.filter(({ measure, a, b }) => measure.startsWith('stage.') && a.median !== null && b.median !== null);
  if (stages.length === 0) return null;
  const most = Math.max(...stages.flatMap(({ a, b }) => [a.median?.value ?? 0, b.median?.value ?? 0]), 0.001);
  const wide = (value: number) => `${Math.max(0.3, Math.round((value / most) * 9_900) / 100)}%`;
  return html`<section id="stages"><h2>Where the time went</h2>${explained ? html`<p class="callout">Most of the change in recovery time is <b>${wordsFor(explained.stage).replace(/^stage: /, '')}</b> (<code>${explained.stage}</code>): ${sayDelta(explained.delta, 's')}.</p>` : null}
<div class="bars paired">${stages.map(({ measure, unit, a, b, delta }) => html`<div class="row${measure === explained?.stage ? ' slow' : ''}"><div class="name"><b>${wordsFor(measure).replace(/^stage: /, '')}</b> <small><code>${measure.replace('stage.', '')}</code></small></div><svg class="strip" width="100%" height="26" role="img"><title>A ${sayFigure(a.median, unit)}, B ${sayFigure(b.median, unit)}</title><rect x="0" y="2" width="${wide(a.median?.value ?? 0)}" height="10" class="a"/><rect x="0" y="14" width="${wide(b.median?.value ?? 0)}" height="10" class="b"/></svg><div class="took">${sayFigure(a.median, unit)} \u2192 ${sayFigure(b.median, unit)}${delta === null ? null : html`<br><small>${sayDelta(delta, unit)}</small>`}</div></div>`)}</div>
<p class="fine">Medians of the runs: outlined A, filled B. Stages may run side by side, and need not add up.</p></section>`;
}

/** Every measure on both sides: the primary ones judged, the rest where to look next. */
export function measures({ primary, exploratory }: Comparison): Markup {
  return html`<section id="measures"><h2>Measure by measure</h2>${table(primary, true)}
<details><summary>Exploratory: ${exploratory.length} more, not corrected for their number; where to look next, not findings</summary>${table(exploratory, false)}</details></section>`;
}

function table(changes: readonly Judged[], corrected: boolean): Markup {
  return html`<div class="scroll"><table><thead><tr><th>Measure</th><th class="n">A</th><th class="n">B</th><th class="n">Change</th><th class="n">Runs</th><th class="n">p${corrected ? ', after Holm' : ''}</th><th>What it means</th></tr></thead><tbody>
${changes.map((change) => {
    const [words, a, b, delta, runs, p] = cells(change);
    const said = change.allowed ? ` Allowed until ${change.allowed.until}: ${change.allowed.reason} (${change.allowed.issue}).` : change.expired ? ` It was allowed until ${change.expired.until} (${change.expired.issue}), and is no more.` : '';
    return html`<tr><th scope="row">${words}<small><code>${change.measure}</code></small></th><td class="n">${a}${spread(change.a, change.unit)}</td><td class="n">${b}${spread(change.b, change.unit)}</td><td class="n">${delta}</td><td class="n">${runs}</td><td class="n">${p}</td><td><span class="outlook ${lookOf(change)}">${change.outlook}</span><br>${change.because}${said}</td></tr>`;
  })}</tbody></table></div>`;
}

/** The class by which an outlook is shaded; its word always stands beside. */
export function lookOf({ outlook }: Judged): string {
  return outlook === 'worse' || outlook === 'better' ? outlook : outlook === 'not enough runs' ? 'open' : 'same';
}

function spread({ min, worst, n }: Judged['a'], unit: Judged['unit']): Markup | null {
  return n < 2 ? null : html`<br><small>${sayFigure(min, unit)} to ${sayFigure(worst, unit)}</small>`;
}

/** In what the two sides differ, the runs that were left out, and how all this was decided. */
export function method(comparison: Comparison): Markup {
  const { a, b, match, marginPct } = comparison;
  const left = [...a.leftOut.map((one) => ({ ...one, side: 'A' })), ...b.leftOut.map((one) => ({ ...one, side: 'B' }))];
  return html`<section id="method"><h2>What was compared, and how it was decided</h2>
<p class="lead">Matched on: ${match.words}.</p>
${match.differences.length === 0 ? html`<p>Nothing that is known of the two differs: same settings, same versions, same kind of machine.</p>` : html`<div class="scroll"><table><thead><tr><th>What differs</th><th>A</th><th>B</th></tr></thead><tbody>${match.differences.map((one) => html`<tr><th scope="row"><code>${one.what}</code></th><td>${one.a}</td><td>${one.b}</td></tr>`)}</tbody></table></div>`}
<ul><li>Loss as a yes or no of each run: A: ${sayLossRate(a.loss)} B: ${sayLossRate(b.loss)}</li>
<li>A change counts only beyond what one run can tell, beyond ${marginPct} % of A, and by a two-sided test at p &lt; 0.05: Mann-Whitney, exact, with values that were cut short as Gehan (1965) orders them; Fisher's exact test for whether runs lost writes. Holm (1979) corrects the three primary measures for each other.</li>
<li>Fewer than 5 runs against 5 decide nothing. "No change shown" is not "no change": the interval beside it says what these runs leave open.</li>
<li>The worst of n runs is no percentile.</li></ul>
${left.length === 0 ? null : html`<details><summary>Runs that were left out (${left.length})</summary><div class="scroll"><table><tbody>${left.map(({ side, id, reason }) => html`<tr><td>${side}</td><th scope="row">${id}</th><td>${reason}</td></tr>`)}</tbody></table></div></details>`}</section>`;
}

/** A p-value beside the word for it, for captions. */
export function sayOdds({ p, adjusted }: Judged): string {
  return p === null ? 'not tested' : `p = ${sayP(adjusted ?? p)}`;
}
