import type { Finding, Ruling } from '../../check.ts';
import { counts, toldRuling, type Report } from '../../report.ts';
import { rulingWord, seconds } from '../say.ts';
import { html, trusted, type Markup } from './markup.ts';

// Circle, octagon, triangle: the ruling is told by outline and sign, not by colour alone.
const shapes: Readonly<Record<Ruling | 'measured', string>> = {
  pass: '<circle cx="16" cy="16" r="15" class="shape"/><path d="M9 16.5l5 5 9.5-10.5" class="sign"/>',
  fail: '<path d="M10 1h12l9 9v12l-9 9H10l-9-9V10z" class="shape"/><path d="M10.5 10.5l11 11m0-11l-11 11" class="sign"/>',
  inconclusive: '<path d="M16 1.5L31 30H1z" class="shape"/><path d="M16 11.5v7m0 5.8v.2" class="sign"/>',
  measured: '<rect x="2" y="2" width="28" height="28" rx="3" class="shape"/><path d="M9 12.5h14m-14 7h14" class="sign"/>',
};

/** A ruling's shape, `size` px; its word stands beside it, always. */
export function shape(ruling: Ruling | 'measured', size: number): Markup {
  return trusted(`<svg class="ruling ${ruling}" width="${size}" height="${size}" viewBox="0 0 32 32" aria-hidden="true">${shapes[ruling]}</svg>`);
}

/** A ruling as a small badge: shape and word. */
export function badge(ruling: Ruling | 'measured', word: string = rulingWord(ruling).toLowerCase()): Markup {
  return html`<span class="badge ${ruling}">${shape(ruling, 14)} ${word}</span>`;
}

/** The first thing on the page: what was done, how it ended, in one sentence and in one word. */
export function hero(report: Report): Markup {
  const { run, verdict } = report;
  const told = toldRuling(verdict);
  return html`<header><p class="brand">Regionfall <span>drill report</span></p><h1>${run.title}</h1>
<p class="what">${whatWasDone(report)}</p>
<div class="verdict ${told}">${shape(told, 56)}<div><p class="word">${rulingWord(told)}</p>${ending(report)}${run.status === 'completed' ? null : html`<p class="tally"><strong>The run was ${run.status}.</strong></p>`}</div></div>
${run.predicts ? html`<p class="predicts"><b>What was predicted</b> ${run.predicts}</p>` : null}
</header>`;
}

/** The verdict in a sentence; where objectives were missed or left open, how many, and the first sentence of each: all of it stands further down. */
function ending(report: Report): Markup {
  const { run, verdict } = report;
  const judged = verdict.findings.filter((finding) => run.checks.some((check) => check.name === finding.check) && finding.ruling !== 'measured');
  const count = (ruling: Finding['ruling']) => judged.filter((finding) => finding.ruling === ruling).length;
  const tally = judged.length === 0 ? 'No objective was set: what follows is measured, not judged.'
    : `${count('pass')} of ${judged.length} objectives met${count('fail') > 0 ? `, ${count('fail')} missed` : ''}${count('inconclusive') > 0 ? `, ${count('inconclusive')} open` : ''}.`;
  const trouble = judged.filter(({ ruling }) => ruling !== 'pass');
  if (counts(report) && trouble.length > 0) {
    return html`<p class="because">${tally}</p><ul class="plain missed">${trouble.map((finding) => html`<li>${badge(finding.ruling)} <b>${finding.check}</b>: ${apart(finding.because)[0]}</li>`)}</ul>`;
  }
  const [first, rest] = apart(verdict.because);
  return html`<p class="because">${first}</p>${rest === '' ? null : html`<p class="rest">${rest}</p>`}<p class="tally">${!counts(report) ? `Taken alone: ${tally} But the run does not count.` : verdict.because.includes('objective') ? null : tally}</p>`;
}

/** A sentence for the first glance, and what more there is to say. */
function apart(said: string): [first: string, rest: string] {
  const end = said.search(/(?<=\.)\s/);
  return end < 0 ? [said, ''] : [said.slice(0, end), said.slice(end).trim()];
}

function whatWasDone(report: Report): Markup {
  const { run } = report;
  const faults = run.faults.map((fault) => {
    const how = fault.params['how'];
    return `${fault.kind}${fault.place === null ? '' : ` of ${fault.place}`}${typeof how === 'string' ? ` (${how})` : ''}`;
  });
  const when = run.startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
  return html`Scenario <b>${run.scenario}</b> on the <b>${run.world}</b> world${faults.length === 0 ? ': nothing was broken' : html`: <b>${faults.join(', then ')}</b>`}. Started <time datetime="${run.startedAt}">${when}</time>, took ${seconds(report.endsAt)}. One run.`;
}
