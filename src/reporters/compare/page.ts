import type { Comparison, Judged } from '../../compare.ts';
import type { Report } from '../../report.ts';
import { sayDelta, wordsFor } from '../../series/words.ts';
import { shape } from '../html/hero.ts';
import { html, trusted, type Markup } from '../html/markup.ts';
import { patterns } from '../html/patterns.ts';
import { style } from '../html/style.ts';
import { dots } from './dots.ts';
import { lines } from './lines.ts';
import { ownStyle } from './style.ts';
import { lookOf, measures, method, sayOdds, stagePairs } from './tables.ts';
import { cells, rulingWords } from './terminal.ts';

/** `compare.html`: one file that opens from disk and refers to nothing outside itself. First for who decides, then for who mends. */
export function page(comparison: Comparison, shown: { readonly a: Report | null; readonly b: Report | null }): string {
  const { a, b, ruling } = comparison;
  return html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${rulingWords[ruling].toLowerCase()}: ${a.name} against ${b.name}</title><style>${trusted(style)}${trusted(ownStyle)}</style></head>
<body>${patterns}<main>
${hero(comparison)}
${comparison.primary.length === 0 ? null : html`<section id="numbers" aria-label="The numbers"><div class="cards">${comparison.primary.map(card)}</div></section>`}
${comparison.primary.length === 0 ? null : lines(shown.a, shown.b)}
${stagePairs(comparison)}
${comparison.primary.length === 0 ? null : measures(comparison)}
${method(comparison)}
</main></body></html>
`.markup;
}

function hero({ a, b, ruling, because, match }: Comparison): Markup {
  const about = (side: Comparison['a']) => [`${side.runs.length} run${side.runs.length === 1 ? '' : 's'}`, side.about?.label, side.about?.revision === undefined ? undefined : `commit ${side.about.revision}`, side.about?.title].filter((one) => one !== undefined).join(', ');
  const look = ruling === 'no baseline' ? 'measured' : ruling;
  return html`<header><p class="brand">Regionfall <span>comparison</span></p><h1>${a.name} \u2192 ${b.name}</h1>
<p class="what">A, what was: <b>${a.name}</b> (${about(a)}). B, what is: <b>${b.name}</b> (${about(b)}).${match.differences.length === 0 ? '' : ` They differ in ${match.differences.slice(0, 4).map(({ what, a: from, b: to }) => `${what}: ${from} \u2192 ${to}`).join('; ')}${match.differences.length > 4 ? ` and ${match.differences.length - 4} more` : ''}.`}</p>
<div class="verdict ${look}">${shape(look, 56)}<div><p class="word">${rulingWords[ruling]}</p><p class="because">${because}</p></div></div></header>`;
}

function card(change: Judged): Markup {
  const [words, a, b] = cells(change);
  const look = { worse: 'fail', better: 'pass', open: 'inconclusive', same: 'measured' }[lookOf(change)] ?? 'measured';
  return html`<article class="card ${look}"><h2>${words} <small><code>${change.measure}</code></small></h2>
<p class="ruled"><span class="outlook ${lookOf(change)}">${change.outlook}</span>${change.allowed ? `, allowed until ${change.allowed.until}` : ''}</p>
<p class="big two-of"><b>${a}</b> \u2192 <b>${b}</b></p>${dots(change)}
<dl><div><dt>Change of the median</dt><dd>${change.delta === null ? 'not known' : sayDelta(change.delta, change.unit)}</dd></div>${shift(change)}<div><dt>Runs</dt><dd>${change.a.n} and ${change.b.n}</dd></div><div><dt>By chance alone</dt><dd>${sayOdds(change)}</dd></div></dl></article>`;
}

function shift({ shift: found, unit, measure }: Judged): Markup | null {
  if (found === null || found.low === null || found.high === null || unit !== 's') return null;
  return html`<div><dt>The true shift, 95 %</dt><dd title="${wordsFor(measure)}">${sayDelta(found.low, unit)} to ${sayDelta(found.high, unit)}</dd></div>`;
}
