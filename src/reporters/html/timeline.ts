import type { Report } from '../../report.ts';
import type { Lane } from '../../report/timeline.ts';
import { moment } from '../say.ts';
import { guides, row, strip, stripHeight } from './lane.ts';
import { markRows } from './mark-rows.ts';
import { html, type Markup } from './markup.ts';
import type { Moments } from './moments.ts';
import { percent, ticks, type Window } from './scale.ts';

interface View { readonly id: string; readonly words: string; readonly window: Window }

/** The time line: the whole run, and closer looks at the failover and at the way back where there were any. Complete without a script: the views are chosen by radio buttons, and all are printed. */
export function timeline(report: Report, moments: Moments): Markup {
  const views = viewsOf(report, moments);
  return html`<section id="timeline"><h2>What happened, when</h2>
<p class="lead">One clock for everything; times are told from ${moments.t0 ? 'T0, just before the fault was pulled' : moments.zero > 0 ? 'the start of the phase break' : 'the start of the run'}. Shade and name say which region answered.</p>
<div class="views">
${views.map((view, index) => html`<input type="radio" name="view" id="see-${view.id}"${index === 0 ? html` checked` : null}><label for="see-${view.id}">${view.words}</label>`)}
${views.map((view, index) => html`<figure class="view" id="view-${view.id}" data-from="${view.window.from - moments.zero}" data-to="${view.window.to - moments.zero}"><figcaption>${view.words}</figcaption>${draw(report, moments, view.window, index > 0)}</figure>`)}
</div>${legend(report)}</section>`;
}

function viewsOf(report: Report, moments: Moments): View[] {
  const whole: View = { id: 'whole', words: 'Whole run', window: { from: 0, to: Math.max(1, report.endsAt) } };
  const views = [whole];
  const breakEnds = moments.heal ?? moments.end;
  if (moments.t0) {
    const until = moments.recovered === null ? breakEnds : Math.min(breakEnds, moments.recovered + Math.max(3_000, (moments.recovered - moments.zero) * 0.12));
    views.push({ id: 'failover', words: 'The failover', window: { from: Math.max(0, moments.zero - Math.max(1_000, (until - moments.zero) * 0.04)), to: until } });
  }
  if (moments.heal !== null && moments.end - moments.heal > 1_000) views.push({ id: 'back', words: 'The way back', window: { from: Math.max(0, moments.heal - 1_000), to: moments.end } });
  return views;
}

function draw(report: Report, moments: Moments, window: Window, closer: boolean): Markup {
  const regions = report.run.topology.regions.map((region) => region.name);
  const lane = (one: Lane) => row(one.probe, aboutLane(one), strip(one, regions, window, moments));
  return html`${axis(window, moments)}${phaseRow(report, moments, window)}${report.faults.map((fault) => faultRow(fault, moments, window))}${markRows(report, moments, window, closer)}
${groupsOf(report).map(([title, lanes]) => lanes.length === 0 ? null : html`<h3 class="group">${title}</h3>${lanes.map(lane)}`)}${axis(window, moments)}`;
}

function groupsOf(report: Report): [string, Lane[]][] {
  const reference = new Set(report.run.client.probes);
  const rest = report.timeline.filter((lane) => !reference.has(lane.probe));
  const of = (filter: (lane: Lane) => boolean) => rest.filter(filter);
  const control = (lane: Lane) => lane.probe === 'control';
  return [
    ['Reference client', report.timeline.filter((lane) => reference.has(lane.probe))],
    ['Other clients', of((lane) => lane.says === 'http' && !control(lane))],
    ['Other writers and readers', of((lane) => ['write', 'update', 'read'].includes(lane.says))],
    ['Database servers, asked themselves', of((lane) => lane.says === 'server')],
    ['Names, asked at', of((lane) => lane.says === 'dns')],
    ['The path no fault may touch', of((lane) => control(lane) || lane.says === 'reach')],
  ];
}

function aboutLane(lane: Lane): string {
  return `${lane.kind} from ${lane.place}, every ${lane.everyMs} ms`;
}

function axis(window: Window, moments: Moments): Markup {
  return row('', '', html`${ticks(window, moments.zero).map(({ at, words }) => {
    const x = percent(at, window);
    return html`<line x1="${x}%" x2="${x}%" y1="0" y2="5" class="tick"/><text x="${x}%" y="18" class="axis" text-anchor="${x < 4 ? 'start' : x > 96 ? 'end' : 'middle'}">${words}</text>`;
  })}`);
}

function phaseRow(report: Report, moments: Moments, window: Window): Markup {
  const spans = report.phases.filter((span) => span.to > window.from && span.from < window.to && span.to > span.from);
  return row('Phases', 'of the drill', html`${spans.map((span, index) => {
    const left = percent(Math.max(span.from, window.from), window);
    const wide = percent(Math.min(span.to, window.to), window) - left;
    return html`<g><title>${span.phase}: ${moment(span.from, moments.zero)} to ${moment(span.to, moments.zero)}</title><rect x="${left}%" width="${wide.toFixed(3)}%" y="2" height="${stripHeight - 4}" class="phase p${index % 2}"/>
<svg x="${left}%" width="${wide.toFixed(3)}%" height="${stripHeight}"><text x="6" y="16" class="in">${wide < 4 ? null : span.phase}</text></svg></g>`;
  })}${guides(window, moments, stripHeight)}`);
}

function faultRow(fault: Report['faults'][number], moments: Moments, window: Window): Markup {
  const at = (...states: string[]) => fault.states.find((entry) => states.includes(entry.state))?.at;
  const from = at('injecting');
  const to = at('gone', 'healed') ?? moments.end;
  const about = `${fault.kind}${fault.place === null ? '' : ` of ${fault.place}`}`;
  if (from === undefined) return row(fault.name, about, html`<text x="6" y="16" class="axis">never pulled</text>`);
  if (to < window.from || from > window.to) return row(fault.name, about, html`${guides(window, moments, stripHeight)}`);
  const left = percent(Math.max(from, window.from), window);
  const wide = percent(Math.min(to, window.to), window) - left;
  const band = fault.t0 && fault.t0.high > window.from ? html`<rect x="${percent(Math.max(fault.t0.low, window.from), window)}%" width="${(Math.max(0.2, percent(fault.t0.high, window) - percent(fault.t0.low, window))).toFixed(3)}%" y="0" height="${stripHeight}" class="t0"><title>T0: ${moment(fault.t0.low, moments.zero)} to ${moment(fault.t0.high, moments.zero)}</title></rect>` : null;
  return row(fault.name, about, html`<g><title>${fault.name}: ${moment(from, moments.zero)} to ${moment(to, moments.zero)}${fault.t0 ? '' : ', not proven'}</title><rect x="${left}%" width="${wide.toFixed(3)}%" y="2" height="${stripHeight - 4}" class="fault${fault.t0 ? '' : ' unproven'}"/>
<svg x="${left}%" width="${wide.toFixed(3)}%" height="${stripHeight}"><text x="7" y="16" class="in fault${fault.t0 ? '' : ' unproven'}">${wide < 5 ? null : fault.t0 ? String(fault.params['how'] ?? fault.kind) : 'not proven'}</text></svg></g>${band}${guides(window, moments, stripHeight)}`);
}

function legend(report: Report): Markup {
  const swatch = (look: string, words: string) => html`<li><svg width="30" height="14" aria-hidden="true"><rect width="30" height="14" class="${look}"/></svg> ${words}</li>`;
  return html`<ul class="legend">${report.run.topology.regions.map((region, index) => swatch(`good r${index}`, `good, by ${region.name}`))}${swatch('good rx', 'good')}${swatch('bad', 'failing')}${swatch('mixed', 'on and off')}${swatch('blind', 'blind: nothing is known')}
<li><svg width="14" height="14" aria-hidden="true"><line x1="7" x2="7" y1="0" y2="14" class="guide zero"/></svg> T0</li><li><svg width="14" height="14" aria-hidden="true"><line x1="7" x2="7" y1="0" y2="14" class="guide recovered"/></svg> recovered</li><li><svg width="14" height="14" aria-hidden="true"><line x1="7" x2="7" y1="0" y2="14" class="guide heal"/></svg> heal</li></ul>`;
}
