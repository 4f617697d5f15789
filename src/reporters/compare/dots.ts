import type { Judged } from '../../compare.ts';
import { withUnit } from '../say.ts';
import { html, type Markup } from '../html/markup.ts';
import { sayFigure } from '../../series/words.ts';

const rowHeight = 30;

/** Every run of both sides as a dot, A above B, on one scale from zero: a post at each median, an arrow where a run was cut short and the truth lies further right. */
export function dots(change: Judged): Markup | null {
  const all = [...change.a.values, ...change.b.values].map(({ value }) => value);
  if (all.length === 0) return null;
  const most = Math.max(...all, 0);
  const x = (value: number) => `${most === 0 ? 2 : Math.round((2 + (value / most) * 94) * 100) / 100}%`;
  const side = (name: 'a' | 'b', top: number) => {
    const { values, median } = change[name];
    const middle = top + rowHeight / 2;
    return html`<line x1="0" x2="100%" y1="${middle}" y2="${middle}" class="rail"/>${median === null ? null : html`<line x1="${x(median.value)}" x2="${x(median.value)}" y1="${top + 3}" y2="${top + rowHeight - 3}" class="median ${name}"><title>median ${sayFigure(median, change.unit)}</title></line>`}
${values.map((seen) => seen.censored
    ? html`<g><title>at least ${withUnit(seen.value, change.unit)}: cut short</title><circle cx="${x(seen.value)}" cy="${middle}" r="5" class="run ${name} cut"/><text x="${x(seen.value)}" dx="8" y="${middle + 4}" class="axis">\u2192</text></g>`
    : html`<circle cx="${x(seen.value)}" cy="${middle}" r="5" class="run ${name}"><title>${withUnit(seen.value, change.unit)}</title></circle>`)}`;
  };
  return html`<div class="dots"><div class="sides" aria-hidden="true"><b>A</b><b>B</b></div><svg width="100%" height="${rowHeight * 2}" role="img"><title>every run: A above, B below</title>${side('a', 0)}${side('b', rowHeight)}</svg></div>
<p class="fine scale"><span>0</span><span>${withUnit(most, change.unit)}</span></p>`;
}
