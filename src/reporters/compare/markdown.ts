import type { Comparison, Judged } from '../../compare.ts';
import { cells, rulingWords } from './terminal.ts';

/** `compare.md`: a comment for a pull request, short above and the rest folded away. */
export function markdown(comparison: Comparison): string {
  const { a, b, ruling, because, match, primary, exploratory } = comparison;
  const telling = exploratory.filter(({ outlook }) => outlook === 'worse' || outlook === 'better' || outlook === 'changed');
  return `${[
    `### Regionfall: ${rulingWords[ruling].toLowerCase()} — ${plain(a.name)} → ${plain(b.name)}`, '', plain(because), '',
    ...(primary.length === 0 ? [] : [...table(primary), '']),
    ...primary.flatMap(({ measure, allowed, expired }) => [
      ...(allowed ? [`\`${measure}\` may be worse until ${allowed.until}: ${plain(allowed.reason)} (${plain(allowed.issue)}).`, ''] : []),
      ...(expired ? [`\`${measure}\` was allowed to be worse until ${expired.until}, and is no more (${plain(expired.issue)}).`, ''] : []),
    ]),
    `A: ${a.runs.length} runs, B: ${b.runs.length}. Compared on ${match.words}.${match.differences.length === 0 ? '' : ` They differ in ${match.differences.map(({ what, a: from, b: to }) => `\`${plain(what)}\` (${plain(from)} → ${plain(to)})`).join(', ')}.`}`, '',
    ...(telling.length === 0 ? [] : ['<details><summary>Exploratory: where to look next, not findings</summary>', '', ...table(telling), '', '</details>', '']),
  ].join('\n')}`;
}

function table(changes: readonly Judged[]): string[] {
  return ['| | A | B | change | runs | p | |', '|---|---:|---:|---:|---:|---:|---|', ...changes.map((change) => {
    const [words = '', a, b, delta, runs, p, outlook] = cells(change);
    return `| ${words} | ${a} | ${b} | ${delta} | ${runs} | ${p} | ${change.outlook === 'worse' || change.outlook === 'better' ? `**${outlook}**` : outlook} |`;
  })];
}

// Names in a run are not ours: nothing of them may become a link, a mention, a table's wall or a tag.
function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').replace(/[\\`*_[\]<>|#]/g, (sign) => `\\${sign}`).replace(/@/g, '@\u200b');
}
