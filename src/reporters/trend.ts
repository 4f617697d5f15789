import { json, type RenderedFile } from '../report.ts';
import { sayFigure, sayP, wordsFor } from '../series/words.ts';
import type { Line, Trend, Turning } from '../trend.ts';
import { html, trusted, type Markup } from './html/markup.ts';
import { style } from './html/style.ts';
import { printable } from './paint.ts';
import { withUnit } from './say.ts';

const wordsOf = (measure: string) => (measure === 'loss.runs' ? 'runs that lost acknowledged writes' : wordsFor(measure));
const ticks = ' \u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588';

/** Trends as lines for a terminal: each measure's nights as a small picture, its last night, and where its level changed. */
export function sayTrends(trends: readonly Trend[]): string[] {
  if (trends.length === 0) return ['No run is there yet.'];
  return trends.flatMap((trend) => [
    '', `${printable(trend.scenario)} on ${printable(trend.world)}: ${trend.nights.length} night${trend.nights.length === 1 ? '' : 's'}, ${trend.nights[0]?.at.slice(0, 10) ?? ''} to ${trend.nights.at(-1)?.at.slice(0, 10) ?? ''}${trend.leftOut === 0 ? '' : `; ${trend.leftOut} runs of another scenario by that name, or of other measures, are left out`}`,
    ...trend.lines.flatMap((line) => [
      `  ${wordsOf(line.measure).padEnd(42)}${spark(line)}  ${sayFigure(line.points.findLast((point) => point !== null)?.median ?? null, line.unit)}`,
      ...line.turnings.map((turning) => `    ${printable(sayTurning(turning, line))}`),
    ]),
  ]).concat('', method);
}

const method = 'Levels: E-divisive (Matteson and James 2014) with a t test at p < 0.001 on the medians of the nights, as Hunter does (Fleming et al. 2023); no level of fewer than four nights.';

function spark({ points }: Line): string {
  const most = Math.max(...points.map((point) => point?.median.value ?? 0), 0);
  return points.slice(-60).map((point) => (point === null ? '?' : ticks[most === 0 ? 1 : Math.max(1, Math.round((point.median.value / most) * 8))])).join('');
}

function sayTurning({ night, before, after, p, changed }: Turning, { unit }: Line): string {
  const why = changed.length === 0 ? 'nothing that is known was other than the night before' : `that night: ${changed.map(({ what, a, b }) => `${what} ${a} \u2192 ${b}`).join(', ')}`;
  return `since ${night}: ${withUnit(before, unit)} \u2192 ${withUnit(after, unit)} (p ${p < 0.001 ? 'below 0.001' : sayP(p)}); ${why}`;
}

/** Trends as files: for programs, and as a page that refers to nothing outside itself. */
export function renderTrends(trends: readonly Trend[]): RenderedFile[] {
  return [{ name: 'trend.json', text: json({ schema: 1, trends }) }, { name: 'trend.html', text: page(trends) }];
}

function page(trends: readonly Trend[]): string {
  return html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Regionfall: night by night</title><style>${trusted(style)}${trusted(ownStyle)}</style></head>
<body><main><header><p class="brand">Regionfall <span>trend</span></p><h1>Night by night</h1><p class="lead">Dots are medians of a night's runs, whiskers its least and worst. Level lines change where a change lasted. ${method}</p></header>
${trends.map((trend) => html`<section><h2>${trend.scenario} on ${trend.world}</h2><p class="lead">${trend.nights.length} nights, ${trend.nights[0]?.at.slice(0, 10)} to ${trend.nights.at(-1)?.at.slice(0, 10)}.</p>${trend.lines.map((line) => chart(line, trend))}</section>`)}
</main></body></html>
`.markup;
}

const ownStyle = `
figure.trend{margin:1rem 0;padding:.7rem 1rem;background:var(--card);border:1px solid var(--line);border-radius:8px;break-inside:avoid}.trend svg{display:block;overflow:visible}.trend .dot{fill:var(--ink)}.trend .cut{fill:var(--card);stroke:var(--ink);stroke-width:2}.trend .spread{stroke:var(--soft)}.trend .level{stroke:var(--told);stroke-width:2}.trend .turn{stroke:var(--bad);stroke-dasharray:4 3}.trend .axis{fill:var(--soft);font-size:11px}.trend .rail{stroke:var(--line)}.trend figcaption{font-weight:600}
`;
const height = 110;

function chart(line: Line, { nights }: Trend): Markup {
  const { points, turnings, unit, measure } = line;
  const most = Math.max(...points.flatMap((point) => (point ? [point.worst.value, point.median.value] : [])), 0);
  const x = (index: number) => `${Math.round((7 + (points.length === 1 ? 45 : (index / (points.length - 1)) * 90)) * 100) / 100}%`;
  const y = (value: number) => Math.round((height - 14 - (most === 0 ? 0 : value / most) * (height - 26)) * 10) / 10;
  const starts = [0, ...turnings.map(({ index }) => index), points.length];
  const levels = turnings.length === 0 ? [] : starts.slice(0, -1).map((from, order) => ({ from, to: (starts[order + 1] ?? points.length) - 1, value: order === 0 ? turnings[0]?.before ?? 0 : turnings[order - 1]?.after ?? 0 }));
  return html`<figure class="trend"><figcaption>${wordsOf(measure)} <small><code>${measure}</code>${measure === 'loss.runs' ? '; whiskers are the 95 % bounds of the rate' : ''}</small></figcaption><svg width="100%" height="${height}" role="img"><title>${wordsOf(measure)} over ${points.length} nights</title>
<line x1="6%" x2="98%" y1="${y(0)}" y2="${y(0)}" class="rail"/><text x="0" y="${y(0) + 4}" class="axis">0</text><text x="0" y="${y(most) + 4}" class="axis">${withUnit(most, unit)}</text>
${turnings.map(({ index }) => html`<line x1="${x(index)}" x2="${x(index)}" y1="4" y2="${height - 14}" class="turn"/>`)}${levels.map((level) => html`<line x1="${x(level.from)}" x2="${x(level.to)}" y1="${y(level.value)}" y2="${y(level.value)}" class="level"/>`)}
${points.map((point, index) => (point === null ? null : html`<g><title>${nights[index]?.name}: ${measure === 'loss.runs' ? '' : 'median '}${sayFigure(point.median, unit)}, ${sayFigure(point.min, unit)} to ${sayFigure(point.worst, unit)}, ${point.n} runs</title><line x1="${x(index)}" x2="${x(index)}" y1="${y(point.min.value)}" y2="${y(point.worst.value)}" class="spread"/><circle cx="${x(index)}" cy="${y(point.median.value)}" r="4" class="${point.median.censored ? 'cut' : 'dot'}"/></g>`))}
</svg>${turnings.length === 0 ? null : html`<ul>${turnings.map((turning) => html`<li>${sayTurning(turning, line)}</li>`)}</ul>`}</figure>`;
}
