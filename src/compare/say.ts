import { withUnit } from '../reporters/say.ts';
import { sayDelta, sayFigure, sayP, wordsFor } from '../series/words.ts';
import { leastRuns, type Change, type Figures, type Outlook } from './change.ts';
import type { Comparison } from './comparison.ts';

/** What is to be said of a change, in a sentence. `adjusted`: null for exploratory measures. */
export function sayChange(change: Change, outlook: Outlook, adjusted: number | null): string {
  const { a, b, unit } = change;
  if (outlook === 'redefined') return 'What this number means has changed in between: it is not compared.';
  if (outlook === 'not measured') return 'Neither side measured it.';
  if (outlook === 'not enough runs') return `${sayTwo(change)}: not enough runs, ${sayN(a)} against ${sayN(b)}, where ${leastRuns} against ${leastRuns} are needed.`;
  const test = change.p === null ? '' : `${change.test} test, p = ${sayP(adjusted ?? change.p)}${adjusted === null ? ', not corrected' : ' after Holm'}`;
  if (outlook !== 'no change shown') return `${sayTwo(change)} (${test}).`;
  const limits = `one run tells ${withUnit(change.resolution, unit)} apart, and less than ${withUnit(change.margin, unit)} does not matter`;
  const why = !change.large && change.test !== "Fisher's exact" ? (change.resolution >= change.margin || change.margin === 0 ? 'no more than a run can tell' : 'less than matters') : 'no more than chance would give';
  return `${sayTwo(change)}: ${why} (${test}${change.large || change.test === "Fisher's exact" ? '' : `; ${limits}`}).${sayInterval(change)}`;
}

function sayTwo({ measure, unit, a, b, delta, test }: Change): string {
  if (test === "Fisher's exact") return `${lossy(a)} of ${a.n} runs lost writes, then ${lossy(b)} of ${b.n}`;
  return `${wordsFor(measure)}: median ${sayFigure(a.median, unit)}, then ${sayFigure(b.median, unit)}${delta === null ? '' : `, ${sayDelta(delta, unit)}`}`;
}

function sayN({ n, of }: Figures): string {
  return n === of ? String(n) : `${n} (of ${of} that count)`;
}

function lossy({ values }: Figures): number {
  return values.filter(({ value }) => value > 0).length;
}

/** What a series of this size leaves open: "no change shown" is not "no change". */
function sayInterval({ shift, unit }: Change): string {
  return shift === null || shift.low === null || shift.high === null || unit !== 's' ? '' : ` The true shift lies between ${sayDelta(shift.low, unit)} and ${sayDelta(shift.high, unit)} (95 %).`;
}

const subjects: Readonly<Record<string, string>> = { 'failover.rto': 'Recovery takes', 'dns.convergence.max': 'The slowest critical resolver takes', 'loss.lost': 'Runs lose' };

/** A change as one tells it who did not ask for statistics. */
function sayPlainly(change: Change): string {
  const { measure, unit, a, b, delta, test } = change;
  if (test === "Fisher's exact") return `${lossy(b)} of ${b.n} runs lose acknowledged writes, where ${lossy(a)} of ${a.n} did`;
  const subject = subjects[measure] ?? `${wordsFor(measure)}:`;
  if (delta === null) return `${subject} ${sayFigure(b.median, unit)} where it was ${sayFigure(a.median, unit)} (medians of ${b.n} and ${a.n} runs)`;
  const much = `${withUnit(Math.abs(delta), unit)} ${unit === 's' ? (delta > 0 ? 'longer' : 'less') : delta > 0 ? 'more' : 'fewer'}`;
  return `${subject} ${much}: ${sayFigure(b.median, unit)} instead of ${sayFigure(a.median, unit)} (medians of ${b.n} and ${a.n} runs)`;
}

/** The whole comparison in a sentence or two, for the first glance. */
export function sayBecause(ruling: Comparison['ruling'], { primary, explained, a, b }: Pick<Comparison, 'primary' | 'explained' | 'a' | 'b'>): string {
  const of = (outlook: Outlook) => primary.filter((change) => change.outlook === outlook);
  const told = [...of('worse'), ...of('better')].map((change) => {
    const stage = change.measure === 'failover.rto' && explained ? `, most of it in the stage "${wordsFor(explained.stage).replace('stage: ', '')}" (${explained.stage}, ${sayDelta(explained.delta, 's')})` : '';
    return `${sayPlainly(change)}${stage}${change.allowed ? `; allowed until ${change.allowed.until}: ${change.allowed.reason}` : ''}.`;
  });
  const open = of('not enough runs');
  const same = of('no change shown').map(({ measure }) => wordsFor(measure));
  return [
    ...told,
    ...(open.length > 0 ? [`Not enough runs to tell: ${open.map((change) => `${wordsFor(change.measure)} was measured in ${change.a.n} and ${change.b.n} runs`).join('; ')}; ${leastRuns} against ${leastRuns} are needed.`] : []),
    ...(same.length > 0 ? [`No change was shown of ${list(same)} (${a.runs.length} runs against ${b.runs.length}).`] : []),
    ...(ruling === 'inconclusive' && open.length === 0 ? ['None of the primary measures was measured on both sides.'] : []),
  ].join(' ');
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
