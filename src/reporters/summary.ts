import { toldRuling, type Report } from '../report.ts';
import { headlinesOf } from './headlines.ts';
import type { Paint } from './paint.ts';
import { printable } from './paint.ts';
import { saySum } from './say-advice.ts';
import { rulingWord } from './say.ts';

/** The end of a run as lines: the verdict, the measures people came for beside their objectives, what did not hold, and where the report is. */
export function summarise(report: Report, dir: string, paint: Paint): string[] {
  const { verdict } = report;
  const told = toldRuling(verdict);
  const shade = { pass: paint.good, fail: paint.bad, inconclusive: paint.open, measured: paint.strong }[told];
  const rows = headlinesOf(report).map(({ words, said, limit, ruling }) => [words, said, limit, ruling === null ? '' : rulingWord(ruling).toLowerCase()]);
  const wide = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? '').length)));
  const trouble = verdict.findings.filter((finding) => finding.ruling === 'fail' || finding.ruling === 'inconclusive');
  return [
    '', `${shade(paint.strong(rulingWord(told)))}  ${printable(verdict.because)}`,
    ...(rows.length === 0 ? [] : ['', ...rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(wide[column] ?? 0)).join('   ').trimEnd()}`)]),
    ...(trouble.length === 0 ? [] : ['', ...trouble.map((finding) => `  ${(finding.ruling === 'fail' ? paint.bad : paint.open)(rulingWord(finding.ruling).toLowerCase())} ${paint.strong(printable(finding.check))}: ${printable(finding.because)}`)]),
    ...(report.advice.length === 0 ? [] : ['', ...adviceLines(report, paint)]),
    '', `  report  ${dir}/report.html`, '',
  ];
}

// A screen is small: what saves most, and how much more there is.
const most = 3;

function adviceLines({ advice }: Report, paint: Paint): string[] {
  const lines = advice.slice(0, most).map((one) => `  advice  ${paint.strong(printable(one.change))}${one.sum === null ? '' : `: ${one.sum.measure} ${saySum(one)}`}`);
  return advice.length > most ? [...lines, `  and ${advice.length - most} more in the report`] : lines;
}
