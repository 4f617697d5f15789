import type { Finding } from '../../check.ts';
import { findingOf, type Report } from '../../report.ts';
import { failoverDetails, type FailoverDetails } from '../../report/details.ts';
import { measureOf, moment, number, sayMeasure } from '../say.ts';
import { stageWords, ways } from '../stage-words.ts';
import { html, type Markup } from './markup.ts';
import type { Moments } from './moments.ts';
import { percent, ticks, type Window } from './scale.ts';

type Stage = NonNullable<FailoverDetails['stages']>[number];

/** Where the time went: stages as bars on one scale, side by side where they ran side by side, the critical path and its slowest stage named, and the arithmetic beside. */
export function stages(report: Report, moments: Moments): Markup | null {
  const finding = findingOf(report, 'failover-time');
  const details = failoverDetails(finding);
  if (!finding || !details.stages || details.stages.length === 0 || !moments.t0) return null;
  const seen = details.stages.some((stage) => stage.from !== null && stage.to !== null);
  if (!seen) return html`<section id="stages"><h2>Where the time went</h2><p class="lead">No stage of a failover was observed: nothing took over before heal.</p></section>`;
  const ends = details.stages.flatMap((stage) => stage.to ?? []);
  const window: Window = { from: moments.zero, to: Math.max(moments.recovered ?? 0, ...ends, moments.zero + 1_000) };
  const wide = { ...window, to: window.to + (window.to - window.from) * 0.01 };
  return html`<section id="stages"><h2>Where the time went</h2>${slowest(finding, details)}
<div class="bars"><div class="row"><span></span><svg class="strip" width="100%" height="24" aria-hidden="true">${ticks(wide, moments.zero).map(({ at, words: said }) => html`<line x1="${percent(at, wide)}%" x2="${percent(at, wide)}%" y1="18" y2="24" class="tick"/><text x="${percent(at, wide)}%" y="13" class="axis" text-anchor="${percent(at, wide) < 4 ? 'start' : percent(at, wide) > 96 ? 'end' : 'middle'}">${said}</text>`)}</svg><span></span></div>
${ways.map(([path, title]) => {
    const found = (details.stages ?? []).filter((stage) => stage.path === path);
    return found.length === 0 ? null : html`<h3 class="group">${title}</h3>${found.map((stage) => bar(stage, finding, details, wide, moments))}`;
  })}</div>
<p class="fine">Stages are gaps between what was observed; they may run side by side, and need not add up to the RTO. Filled: the critical path. Strongest: its slowest stage. Outlined: off the critical path.</p>${arithmetic(details)}</section>`;
}

function slowest(finding: Finding, details: FailoverDetails): Markup | null {
  const measure = details.slowest ? measureOf(finding, details.slowest) : undefined;
  const rto = measureOf(finding, 'failover.rto');
  if (!measure || measure.value === null) return null;
  const share = rto?.value ? `, ${Math.round((measure.value / rto.value) * 100)} % of the ${rto.censored ? 'outage seen' : 'recovery time'}` : '';
  return html`<p class="callout">The slowest stage was <b>${stageWords[measure.name] ?? measure.name}</b> (<code>${measure.name}</code>): ${sayMeasure(measure)}${share}.</p>`;
}

function bar(stage: Stage, finding: Finding, details: FailoverDetails, window: Window, moments: Moments): Markup {
  const measure = measureOf(finding, stage.name);
  const critical = details.criticalPath?.includes(stage.name) ?? false;
  const slow = stage.name === details.slowest;
  const name = html`<div class="name"><b>${stageWords[stage.name] ?? stage.name}</b> <small><code>${stage.name.replace('stage.', '')}</code></small></div>`;
  const { from, to } = stage;
  if (from === null || to === null || measure?.value === null) return html`<div class="row unseen">${name}<svg class="strip" width="100%" height="22"><title>${measure?.reason ?? 'not observed'}</title>${from === null ? null : html`<line x1="${percent(from, window)}%" x2="${percent(from, window)}%" y1="3" y2="19" class="mark"/>`}</svg><div class="took">${measure?.reason?.startsWith('not observed') === false ? measure.reason : 'not observed'}</div></div>`;
  const left = percent(Math.min(from, to), window);
  const wide = Math.max(0.3, percent(Math.max(from, to), window) - left).toFixed(3);
  return html`<div class="row${slow ? ' slow' : ''}">${name}<svg class="strip" width="100%" height="22" role="img"><title>${stage.name}: ${moment(from, moments.zero)} to ${moment(to, moments.zero)}${critical ? ', on the critical path' : ''}</title><rect x="${left}%" width="${wide}%" y="4" height="14" class="stage${critical ? ' critical' : ''}${slow ? ' slowest' : ''}"/></svg><div class="took">${measure ? sayMeasure(measure) : `${number(Math.max(0, to - from) / 1_000, 's')} s`}</div></div>`;
}

function arithmetic({ expected }: FailoverDetails): Markup | null {
  if (!expected) return null;
  const range = (low: number, high: number) => low === high ? `${number(low, 's')} s` : `${number(low, 's')} to ${number(high, 's')} s`;
  return html`<details><summary>The arithmetic: these settings add up to ${range(expected.low, expected.high)}${expected.exceeded ? '; it took longer than they explain' : ''}</summary><div class="scroll"><table><thead><tr><th>Term</th><th>Way</th><th class="n">Least</th><th class="n">Most</th></tr></thead><tbody>
${expected.terms.map((term) => html`<tr><th scope="row">${term.what}</th><td>${{ dns: 'name', db: 'database', client: 'then the client' }[term.path] ?? term.path}</td><td class="n">${number(term.low, 's')} s</td><td class="n">${number(term.high, 's')} s</td></tr>`)}</tbody></table></div><p class="fine">The slower of the two ways counts, and then the client.</p></details>`;
}
