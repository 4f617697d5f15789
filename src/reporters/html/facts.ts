import type { FaultStory, Report } from '../../report.ts';
import { chosen, moment, number, seconds } from '../say.ts';
import { badge } from './hero.ts';
import { html, type Markup } from './markup.ts';
import type { Moments } from './moments.ts';

/** What each fault was proven to do, step by step, with the looks that say so. */
export function proof(report: Report, moments: Moments): Markup | null {
  if (report.faults.length === 0) return null;
  return html`<section id="proof"><h2>What was broken, and how we know</h2>${report.faults.map((fault) => story(fault, moments))}</section>`;
}

function story(fault: FaultStory, moments: Moments): Markup {
  const params = Object.entries(fault.params).map(([name, value]) => `${name}: ${plain(value)}`).join(', ');
  const t0 = fault.t0;
  const width = t0 ? `T0 lies between just before the pull and the first look that found all of it biting: ${seconds(t0.high - t0.low)} wide, which is part of every bound.` : 'No independent look found it biting, so nothing here can be blamed on it.';
  return html`<h3>${fault.name} ${t0 ? badge('pass', 'proven') : badge('inconclusive', 'not proven')}</h3><p class="lead">${fault.kind} (${params}), for at most ${chosen(fault.atMostMs)}. ${width}</p>
<div class="scroll"><table><thead><tr><th class="n">When</th><th>State</th><th>Evidence</th></tr></thead><tbody>${fault.states.map((entry) => html`<tr><td class="n">${moment(entry.at, moments.zero)}</td><th scope="row">${entry.state}</th><td>${entry.evidence.length === 0 ? '' : html`<ul class="plain">${entry.evidence.map((line) => html`<li>${line}</li>`)}</ul>`}</td></tr>`)}</tbody></table></div>${met(fault)}`;
}

/** By which errors each client saw it: an outage has as many faces as there are clients. */
function met({ seenBy }: FaultStory): Markup | null {
  if (!seenBy || seenBy.met.length === 0) return null;
  const beside = seenBy.beside.length === 0 ? '' : ` So did ${seenBy.beside.join(', ')}, which bit beside it: a look cannot tell them apart.`;
  return html`<p class="lead">What each probe met from its first certain bite to its heal.${beside}</p>
<div class="scroll"><table><thead><tr><th>Probe</th><th class="n">Bad looks</th><th>By which errors</th></tr></thead><tbody>${seenBy.met.map((one) => html`<tr><th scope="row">${one.probe}</th><td class="n">${number(one.bad, 'count')} of ${number(one.looks, 'count')}</td><td>${one.errors.length === 0 ? 'none' : one.errors.slice(0, 5).map(([kind, times]) => `${kind} \u00d7 ${number(times, 'count')}`).join(', ')}${one.errors.length > 5 ? `, ${one.errors.length - 5} more kinds` : ''}</td></tr>`)}</tbody></table></div>`;
}

/** Every choice of the system, resolved: nothing is left to a default that hides. */
export function settings(report: Report): Markup {
  const { run } = report;
  const { topology } = run;
  return html`<section id="settings"><h2>What it ran on</h2><p class="lead">System <b>${topology.system}</b>: ${topology.regions.map((region) => `${region.name} (${region.role})`).join(', ')}. Every setting, as it was in force${run.set === undefined ? '' : html` (chosen on the command line: <code>${run.set.join(', ')}</code>)`}:</p>
<div class="settings">${Object.entries(topology.settings).map(([group, values]) => html`<div><h3>${group}</h3><dl>${Object.entries(values as Record<string, unknown>).map(([name, value]) => html`<div><dt>${name}</dt><dd>${setting(name, value)}</dd></div>`)}</dl></div>`)}
<div><h3>resolvers</h3><dl>${topology.resolvers.map((resolver) => html`<div><dt>${resolver.name}</dt><dd>${resolver.kind}${resolver.minTtlMs === undefined ? '' : `, at least ${chosen(resolver.minTtlMs)}`}${resolver.planted ? ' (planted)' : ''}</dd></div>`)}</dl></div></div></section>`;
}

// Numbers of the settings are ms unless their name says what they count.
const counts = new Set(['threshold', 'checkers', 'pool', 'misses']);
function setting(name: string, value: unknown): string {
  if (typeof value === 'number' && name.endsWith('Pct')) return `${value} %`;
  return typeof value === 'number' && !counts.has(name) ? chosen(value) : plain(value);
}

/** What this run cannot show, how to judge it again, and what it may be compared with. */
export function limits(report: Report): Markup {
  const { run } = report;
  const { fingerprint } = run;
  const pairs = (values: Readonly<Record<string, string | number>>) => Object.entries(values).map(([name, value]) => `${name} ${value}`).join(', ');
  return html`<section id="limits"><h2>What this run cannot show</h2><ul>${report.cannotShow.map((line) => html`<li>${line}</li>`)}</ul></section>
${report.notes.length === 0 ? null : html`<section id="notes"><h2>Remarks of the run</h2><ul>${report.notes.map((note) => html`<li>${note.text}</li>`)}</ul></section>`}
<section id="again"><h2>Judge it again</h2><p>Everything that was seen is kept beside this page: <code>history.jsonl</code> (every look), <code>ledger.jsonl</code> (every write and its class), <code>verdict.json</code> and <code>report.json</code> for programs.</p>
<pre>regionfall judge ${run.id}</pre>
<dl class="fingerprint"><div><dt>Run</dt><dd><code>${run.id}</code></dd></div><div><dt>Fingerprint</dt><dd><code>${fingerprint.hash}</code> (scenario <code>${fingerprint.scenario}</code>, settings <code>${fingerprint.settings}</code>, measures v${fingerprint.metrics})</dd></div><div><dt>Versions</dt><dd>${pairs(fingerprint.versions)}</dd></div><div><dt>Machine</dt><dd>${pairs(fingerprint.machine)}</dd></div></dl></section>`;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? String(value);
}
