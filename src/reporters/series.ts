import type { Summary } from '../series/summary.ts';
import { headlines, sayFigure } from '../series/words.ts';
import { printable } from './paint.ts';
import { number } from './say.ts';

/** A rate in percent, with its bounds: `2 of 9 runs lost writes: 22 % (2.8-60 %)`. */
export function sayLossRate(loss: Summary['loss']): string {
  if (!loss) return 'Whether a run lost writes is not known of any.';
  const percent = (share: number) => `${Number((share * 100).toPrecision(2))} %`;
  const bound = loss.lossy === 0 ? `the true rate may still be up to ${percent(loss.high)}` : loss.lossy === loss.n ? `the true rate is at least ${percent(loss.low)}` : `the true rate lies between ${percent(loss.low)} and ${percent(loss.high)}`;
  return `${loss.lossy} of ${loss.n} runs lost acknowledged writes; ${bound} (exact 95 % bounds, Clopper and Pearson 1934).`;
}

/** A series as lines of text: how many runs count, each headline measure with median, least and worst of n, the loss rate. */
export function saySeries(summary: Summary): string[] {
  const rows = summary.rows.filter(({ name }) => name in headlines).map((row) => [headlines[row.name] ?? row.name, sayFigure(row.median, row.unit), sayFigure(row.min, row.unit), sayFigure(row.worst, row.unit), `${number(row.n, 'count')}${row.n === row.of ? '' : ` of ${row.of}`}`]);
  const table = [['', 'median', 'least', `worst of ${summary.valid}`, 'n'], ...rows];
  const wide = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return [
    `${summary.valid} of ${summary.runs} runs count.${summary.valid < 5 ? ' Fewer than 5 cannot be told apart from others.' : ''}`,
    ...summary.invalid.map(({ id, reason }) => `  does not count: ${printable(id)}: ${printable(reason)}`),
    '', ...table.map((row) => `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(wide[column] ?? 0) : cell.padStart(wide[column] ?? 0))).join('   ').trimEnd()}`),
    '', `  ${sayLossRate(summary.loss)}`, `  The worst of n is no percentile: of ${summary.valid} runs it lies below the true p95 in ${Math.round(100 * 0.95 ** summary.valid)} of 100 series.`, '',
  ];
}
