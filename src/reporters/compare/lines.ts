import type { Report } from '../../report.ts';
import type { Lane } from '../../report/timeline.ts';
import { row, strip } from '../html/lane.ts';
import { html, type Markup } from '../html/markup.ts';
import { momentsOf, type Moments } from '../html/moments.ts';
import { percent, ticks, type Window } from '../html/scale.ts';

interface Drawn { readonly side: 'A' | 'B'; readonly report: Report; readonly moments: Moments; readonly window: Window }

/** The two time lines over each other: the run in the middle of each side, probe by probe, both counted from their own T0 on one scale. Null where not both reports are left. */
export function lines(a: Report | null, b: Report | null): Markup | null {
  if (!a || !b) return html`<section id="lines"><h2>The two time lines</h2><p class="lead">${a || b ? 'Of one side' : 'Of both sides'} only the compact history is left, which has no time lines.</p></section>`;
  const both = [a, b].map((report) => ({ report, moments: momentsOf(report) }));
  const ends = both.map(({ moments }) => (moments.recovered ?? moments.heal ?? moments.end) - moments.zero);
  const after = Math.max(5_000, ...ends) * 1.1;
  const drawn = both.map(({ report, moments }, index): Drawn => ({ side: index === 0 ? 'A' : 'B', report, moments, window: { from: moments.zero - after * 0.06, to: moments.zero + after } }));
  const lanes = orderOf(a).filter((lane) => b.timeline.some((other) => other.probe === lane.probe));
  return html`<section id="lines"><h2>The two time lines</h2>
<p class="lead">Of each side the run in the middle, by recovery time: A is <b>${a.run.id}</b>, B is <b>${b.run.id}</b>. Both are counted from their own T0, on one scale. Shade and name say which region answered.</p>
<figure class="view pairs">${axis(drawn[0] as Drawn)}${lanes.map((lane) => pair(lane, drawn))}${axis(drawn[0] as Drawn)}</figure>${legend(a)}</section>`;
}

function pair(lane: Lane, drawn: readonly Drawn[]): Markup {
  return html`<div class="pair">${drawn.map(({ side, report, moments, window }) => {
    const own = report.timeline.find((one) => one.probe === lane.probe) as Lane;
    return row(html`<span class="side">${side}</span> ${side === 'A' ? lane.probe : html`<span class="again">${lane.probe}</span>`}`, side === 'A' ? `${lane.kind} from ${lane.place}` : '', strip(own, report.run.topology.regions.map(({ name }) => name), window, moments));
  })}</div>`;
}

// The reference client first, and no path that no fault may touch: it has nothing to compare.
function orderOf({ timeline, run }: Report): Lane[] {
  const rank = (lane: Lane) => (run.client.probes.includes(lane.probe) ? 0 : lane.kind === 'direct' ? 3 : lane.says === 'dns' ? 1 : 2);
  return timeline.filter((lane) => lane.says !== 'reach' && lane.probe !== 'control' && !lane.probe.includes('authority')).toSorted((one, other) => rank(one) - rank(other));
}

function axis({ window, moments }: Drawn): Markup {
  return row('', '', html`${ticks(window, moments.zero).map(({ at, words }) => {
    const x = percent(at, window);
    return html`<line x1="${x}%" x2="${x}%" y1="0" y2="5" class="tick"/><text x="${x}%" y="18" class="axis" text-anchor="${x < 4 ? 'start' : x > 96 ? 'end' : 'middle'}">${words}</text>`;
  })}`);
}

function legend({ run }: Report): Markup {
  const swatch = (look: string, words: string) => html`<li><svg width="30" height="14" aria-hidden="true"><rect width="30" height="14" class="${look}"/></svg> ${words}</li>`;
  return html`<ul class="legend">${run.topology.regions.map((region, index) => swatch(`good r${index}`, `good, by ${region.name}`))}${swatch('bad', 'failing')}${swatch('mixed', 'on and off')}${swatch('blind', 'blind')}
<li><svg width="14" height="14" aria-hidden="true"><line x1="7" x2="7" y1="0" y2="14" class="guide zero"/></svg> T0</li><li><svg width="14" height="14" aria-hidden="true"><line x1="7" x2="7" y1="0" y2="14" class="guide recovered"/></svg> recovered</li></ul>`;
}
