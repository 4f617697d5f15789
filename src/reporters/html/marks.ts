import { marks as words, type Mark } from '../../history.ts';
import type { Report } from '../../report.ts';
import { moment, number } from '../say.ts';
import { html, type Content, type Markup } from './markup.ts';
import type { Moments } from './moments.ts';

/** Marks that say the same of the same, one soon after another: the first of them, when the last came, and how many there are. */
export interface Run { readonly first: Mark; readonly until: number; readonly times: number }

const told = new Set<string>(Object.values(words));
/** Further apart than this (ms) they are told one by one. */
const soonMs = 2_000;
/** More rows than these are left to history.jsonl. */
const shown = 1_000;

/** Every mark of the system in order, with how far off its time may be, and its evidence. */
export function marks(report: Report, moments: Moments): Markup | null {
  if (report.marks.length === 0) return null;
  const runs = foldMarks(report.marks);
  const more = runs.length > shown ? `; the first ${number(shown, 'count')} rows here, all in history.jsonl` : '';
  return html`<details><summary>What the system did, mark by mark (${number(report.marks.length, 'count')}${more})</summary><div class="scroll"><table><thead><tr><th class="n">When</th><th class="n">\u00b1</th><th>Who</th><th>What</th><th>Subject</th><th>Evidence</th></tr></thead><tbody>
${runs.slice(0, shown).map((run) => row(run, moments))}</tbody></table></div></details>`;
}

/** The same marks, in the order of the first of each run: what a judge reads stands alone, and only what an app or a checker says again and again is counted. */
export function foldMarks(all: readonly Mark[]): Run[] {
  const runs: { first: Mark; until: number; times: number }[] = [];
  const open = new Map<string, { first: Mark; until: number; times: number }>();
  for (const mark of all) {
    const key = JSON.stringify([mark.who, mark.what, mark.subject, mark.evidence['why'] ?? null]);
    const run = open.get(key);
    if (run && !told.has(mark.what) && mark.at - run.until <= soonMs) {
      run.until = mark.at;
      run.times += 1;
    } else {
      const begun = { first: mark, until: mark.at, times: 1 };
      open.set(key, begun);
      runs.push(begun);
    }
  }
  return runs;
}

function row({ first, until, times }: Run, moments: Moments): Markup {
  const when = times === 1 ? moment(first.at, moments.zero) : `${moment(first.at, moments.zero)} to ${moment(until, moments.zero)}`;
  const evidence = Object.keys(first.evidence).length === 0 ? '' : JSON.stringify(first.evidence).slice(0, 400);
  const what: Content = times === 1 ? first.what : html`${first.what} <span class="tag">\u00d7 ${number(times, 'count')}</span>`;
  return html`<tr><td class="n">${when}</td><td class="n">${first.errorMs} ms</td><td>${first.who}</td><th scope="row">${what}</th><td>${first.subject}</td><td><code>${evidence}</code></td></tr>`;
}
