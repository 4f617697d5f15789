import type { Lane, Span } from '../../report/timeline.ts';
import { moment, seconds } from '../say.ts';
import { html, type Markup } from './markup.ts';
import type { Moments } from './moments.ts';
import { percent, type Window } from './scale.ts';

/** Height of a strip, px. */
export const stripHeight = 24;

/** A row of the time line: what it is, and its strip. `extra` is a tall row's height, px. */
export function row(title: Content, about: string, strip: Markup, height: number = stripHeight): Markup {
  return html`<div class="row"><div class="name"><b>${title}</b> <small>${about}</small></div><svg class="strip" width="100%" height="${height}" role="img">${strip}</svg></div>\n`;
}
type Content = string | Markup;

/** A lane's spans within a window: who answered, what failed, where nobody could look. Regions are told apart by shade and by name. */
export function strip(lane: Lane, regions: readonly string[], window: Window, moments: Moments): Markup {
  const seen = lane.spans.filter((span) => span.to > window.from && span.from < window.to);
  const drawn = seen.map((span) => drawSpan(span, lane.kind === 'direct' ? lane.place : null, regions, window, moments));
  return html`<title>${lane.probe}: ${lane.looks} looks, ${lane.bad} bad</title>${drawn.map(({ bar }) => bar)}${guides(window, moments, stripHeight)}${drawn.map(({ label }) => label)}`;
}

// `direct`: the place whose database is asked straight. One that is not promoted refuses writes, as it should: shut is not down.
function drawSpan(span: Span, direct: string | null, regions: readonly string[], window: Window, moments: Moments): { readonly bar: Markup; readonly label: Markup | null } {
  const from = Math.max(span.from, window.from);
  const to = Math.min(span.to, window.to);
  const left = percent(from, window);
  // A single bad look among thousands must still be seen.
  const wide = Math.max(Math.round((percent(to, window) - left) * 1_000) / 1_000, span.state === 'good' ? 0 : 0.14);
  const by = direct ?? span.by;
  const region = by === null ? -1 : regions.indexOf(by);
  const shut = direct !== null && span.state === 'bad';
  const look = shut ? 'shut' : span.state === 'good' ? `good r${region < 0 ? 'x' : region}` : span.state;
  const label = wide < 5 ? null : html`<svg x="${left}%" width="${wide}%" height="${stripHeight}"><text x="7" y="16" class="in ${look}${wide < 22 ? ' tight' : ''}">${shut ? 'refuses writes' : direct !== null && span.state === 'good' ? 'takes writes' : labelOf(span)}</text></svg>`;
  return { label, bar: html`<g><title>${tellSpan(span, moments)}</title><rect x="${left}%" width="${wide}%" y="2" height="${stripHeight - 4}" class="${look}"/></g>` };
}

function labelOf(span: Span): string {
  if (span.state === 'blind') return 'blind';
  if (span.state === 'mixed') return 'on and off';
  if (span.state === 'good') return span.by ?? 'good';
  return worst(span) ?? 'failing';
}

function worst(span: Span): string | undefined {
  return Object.entries(span.errors).sort((a, b) => b[1] - a[1])[0]?.[0];
}

function tellSpan(span: Span, moments: Moments): string {
  const when = `${moment(span.from, moments.zero)} to ${moment(span.to, moments.zero)} (${seconds(span.to - span.from)})`;
  if (span.state === 'blind') return `blind ${when}: ${span.why ?? 'nothing is known'}`;
  const errors = Object.entries(span.errors).map(([kind, times]) => `${kind} x ${times}`).join(', ');
  return `${span.state}${span.by === null ? '' : ` by ${span.by}`} ${when}: ${span.looks} looks, ${span.bad} bad${errors === '' ? '' : `: ${errors}`}`;
}

/** The moments that every strip shows, so that the eye can follow them down: T0 as a band, recovered, heal. */
export function guides(window: Window, moments: Moments, height: number): Markup {
  const line = (at: number | null, look: string) => at === null || at < window.from || at > window.to ? null
    : html`<line x1="${percent(at, window)}%" x2="${percent(at, window)}%" y1="0" y2="${height}" class="guide ${look}"/>`;
  return html`${line(moments.t0?.low ?? null, 'zero')}${line(moments.recovered, 'recovered')}${line(moments.heal, 'heal')}`;
}
