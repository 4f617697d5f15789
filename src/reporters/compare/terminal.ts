import type { Comparison, Judged } from '../../compare.ts';
import { sayDelta, sayFigure, sayP, wordsFor } from '../../series/words.ts';
import type { Paint } from '../paint.ts';
import { printable } from '../paint.ts';

/** The ruling of a comparison in the word that people look for. */
export const rulingWords: Readonly<Record<Comparison['ruling'], string>> = { pass: 'NO WORSE', fail: 'WORSE', inconclusive: 'INCONCLUSIVE', 'no baseline': 'NO BASELINE' };

/** What was compared, in words: both names, how alike they are, and in what they differ. */
export function sayMatch({ a, b, match }: Comparison): string[] {
  return [
    `A: ${printable(a.name)} (${sayRuns(a)})   B: ${printable(b.name)} (${sayRuns(b)})`,
    `compared on: ${match.words}`,
    ...match.differences.map(({ what, a: from, b: to }) => `  ${printable(what)}: ${printable(from)} in A, ${printable(to)} in B`),
  ];
}

function sayRuns({ runs, leftOut }: Comparison['a']): string {
  return `${runs.length} run${runs.length === 1 ? '' : 's'}${leftOut.length === 0 ? '' : `, ${leftOut.length} left out`}`;
}

/** A comparison as a table for a terminal. */
export function tabulate(comparison: Comparison, paint: Paint): string[] {
  const { ruling, because, primary, exploratory } = comparison;
  const shade = { pass: paint.good, fail: paint.bad, inconclusive: paint.open, 'no baseline': paint.open }[ruling];
  const telling = exploratory.filter(({ outlook }) => outlook === 'worse' || outlook === 'better' || outlook === 'changed');
  return [
    '', ...sayMatch(comparison), '',
    `${shade(paint.strong(rulingWords[ruling]))}  ${printable(because)}`,
    ...(primary.length === 0 ? [] : ['', ...table(primary, paint)]),
    ...(telling.length === 0 ? [] : ['', paint.soft(`  exploratory, not corrected for the ${exploratory.length} asked: where to look next, not findings`), ...table(telling, paint)]),
    ...primary.flatMap(({ allowed, expired, measure }) => [
      ...(allowed ? [`  allowed until ${allowed.until}: ${measure}: ${printable(allowed.reason)} (${printable(allowed.issue)})`] : []),
      ...(expired ? [`  no longer allowed, since ${expired.until}: ${measure}: ${printable(expired.reason)} (${printable(expired.issue)}; ${expired.file}:${expired.line})`] : []),
    ]),
    '',
  ];
}

function table(changes: readonly Judged[], paint: Paint): string[] {
  const rows = [['', 'A, median', 'B, median', 'change', 'n', 'p', ''], ...changes.map(cells)];
  const wide = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? [];
  return rows.map((row, index) => {
    const line = `  ${row.map((cell, column) => (column === 0 || column === 6 ? cell.padEnd(wide[column] ?? 0) : cell.padStart(wide[column] ?? 0))).join('   ')}`.trimEnd();
    return index === 0 ? paint.soft(line) : line;
  });
}

/** A change as cells of a table: words, both middles, the change, runs, p, and what it means. */
export function cells(change: Judged): string[] {
  const { measure, unit, a, b, delta, p, adjusted, outlook, test } = change;
  const yes = (values: Judged['a']['values']) => `${values.filter(({ value }) => value > 0).length} of ${values.length} runs`;
  const [from, to] = test === "Fisher's exact" ? [yes(a.values), yes(b.values)] : [sayFigure(a.median, unit), sayFigure(b.median, unit)];
  return [wordsFor(measure), from, to, delta === null ? '' : sayDelta(delta, unit), `${a.n}, ${b.n}`, p === null ? '' : sayP(adjusted ?? p), `${outlook}${change.allowed ? ', allowed' : ''}`];
}
