import { marks, type Mark } from '../../history.ts';
import type { Report } from '../../report.ts';
import { moment } from '../say.ts';
import { guides, row } from './lane.ts';
import { html, type Markup } from './markup.ts';
import type { Moments } from './moments.ts';
import { percent, type Window } from './scale.ts';

const most = 9;
// What a reader looks for first; the rest is labelled in the closer views, and always in the table.
const major = new Set<string>([marks.declaredDead, marks.gaveUp, marks.promoted, marks.published, marks.unhealthy, marks.healthy, marks.rejoined, marks.switchedOver, marks.redundant]);
const lineHeight = 14;

interface Placed { readonly mark: Mark; readonly x: number; readonly level: number | null; readonly end: boolean }

/** What the system itself did, one row for each who did it; labels are stacked so that none covers another, and those that find no room are left to the table. */
export function markRows(report: Report, moments: Moments, window: Window, all: boolean): Markup {
  const inside = report.marks.filter((mark) => mark.at >= window.from && mark.at <= window.to);
  const who = [...new Set(inside.map((mark) => mark.who))];
  return html`${who.map((one) => {
    const placed = place(inside.filter((mark) => mark.who === one), window, all);
    const height = lineHeight * Math.max(1, ...placed.map(({ level }) => (level ?? 0) + 1)) + 10;
    return row(one, 'what it did', html`${guides(window, moments, height)}${placed.filter(({ level }) => level !== null).map((each) => draw(each, moments, height))}${crowds(placed).map((crowd) => drawCrowd(crowd, moments, height))}`, height);
  })}`;
}

function place(found: readonly Mark[], window: Window, all: boolean): Placed[] {
  const taken: number[] = [];
  return found.map((mark) => {
    const x = percent(mark.at, window);
    if (!all && !major.has(mark.what)) return { mark, x, level: null, end: false };
    // Widths are guessed for a strip on paper, 440 px; phones hide the labels and keep the table.
    const wide = ((labelOf(mark).length * 6.4 + 14) / 440) * 100;
    const end = x + wide > 100;
    const left = end ? x - wide : x;
    let level = taken.findIndex((until) => until <= left);
    if (level < 0) level = taken.length;
    if (level >= most) return { mark, x, level: null, end };
    taken[level] = left + wide;
    return { mark, x, level, end };
  });
}

function draw({ mark, x, level, end }: Placed, moments: Moments, height: number): Markup {
  const y = level === null ? height - 5 : level * lineHeight + 9;
  const label = level === null ? null : html`<text x="${x}%" dx="${end ? -7 : 7}" y="${y + 4}" class="mark" text-anchor="${end ? 'end' : 'start'}">${labelOf(mark)}</text>`;
  return html`<g><title>${moment(mark.at, moments.zero)}: ${mark.who} ${mark.what} ${mark.subject} (\u00b1 ${mark.errorMs} ms)</title><line x1="${x}%" x2="${x}%" y1="${y}" y2="${height}" class="mark"/>${level === null ? null : html`<circle cx="${x}%" cy="${y}" r="3.5" class="mark"/>`}${label}</g>`;
}

/** Marks without a label that would be drawn over one another: a thousandth of the width is one stroke, and its title counts them. */
function crowds(placed: readonly Placed[]): Placed[][] {
  return [...Map.groupBy(placed.filter(({ level }) => level === null), ({ x }) => Math.round(x * 10)).values()];
}

function drawCrowd(crowd: readonly Placed[], moments: Moments, height: number): Markup | null {
  const [first] = crowd;
  if (!first) return null;
  if (crowd.length === 1) return draw(first, moments, height);
  const kinds = [...Map.groupBy(crowd, ({ mark }) => mark.what)].map(([what, some]) => `${what} x ${some.length}`);
  return html`<g><title>${moment(first.mark.at, moments.zero)} to ${moment(crowd.at(-1)?.mark.at ?? first.mark.at, moments.zero)}: ${first.mark.who} ${kinds.join(', ')}</title><line x1="${first.x}%" x2="${first.x}%" y1="${height - 5}" y2="${height}" class="mark"/></g>`;
}

function labelOf(mark: Mark): string {
  return mark.what === 'published' || mark.what === 'healthy' || mark.what === 'unhealthy' ? `${mark.what}: ${mark.subject}` : mark.what;
}
