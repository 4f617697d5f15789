import type { Result } from './results.ts';
import { mostErrors, type Row } from './row.ts';
import type { Noise } from './harness/zero.ts';

const titles = ['cases', 'misses', 'false alarms', 'bias ms', 'at most', 'width ms', 'at most', 'left out'] as const;

/** The rows as a table for a terminal. */
export function sayTable(rows: readonly Row[]): string[] {
  const line = (mode: string, cells: readonly string[]) => [mode.padEnd(46), ...cells.map((cell, index) => cell.padStart(Math.max(9, (titles[index] ?? '').length + 2)))].join('');
  return [line('mode', titles), ...rows.map((row) => (row.skipped === undefined ? line(row.mode, cellsOf(row)) : `${row.mode.padEnd(46)}  skipped: ${row.skipped}`))];
}

/** What is left of a measure where nothing was broken, in words. */
export function sayNoise({ unit, value, high }: Noise): string {
  return `${Math.round(value * 1_000) / 1_000} ${unit}${high === null || high === value ? '' : `, and never over ${Math.round(high * 1_000) / 1_000} ${unit} by its bounds`}`;
}

/** What the rows mean together: those that miss, and those with too few cases to mean anything. */
export function weigh(rows: readonly Row[]): { readonly missed: readonly Row[]; readonly few: readonly Row[] } {
  return { missed: rows.filter(({ misses, alarms }) => misses + alarms > 0), few: rows.filter((row) => row.skipped === undefined && row.cases < (row.wanted ?? 1)) };
}

/** All that is kept, as a page: what was planted when and on what shape of machine, every row, the noise floors, and what is not in it. */
export function sayPage(results: readonly Result[], notYet: readonly string[], command: string): string {
  const rows = results.flatMap((result) => result.rows);
  const { missed, few } = weigh(rows);
  const leftOut = [
    ...notYet.map((part) => `the part \`${part}\`: not run yet`), ...rows.flatMap((row) => (row.skipped === undefined ? [] : [`${row.mode}: ${row.skipped}`])),
    ...few.map((row) => `${row.mode}: ${row.cases} of ${row.wanted ?? 1} cases were undisturbed, too few to say anything`),
  ];
  const verdict = missed.length > 0 ? `**Not to be trusted:** ${missed.map(({ mode }) => mode).join(', ')}.` : results.length === 0 ? 'Nothing is kept yet.' : `Every planted truth lay inside its bounds, and nothing else was found.${leftOut.length > 0 ? ' What was not planted is named at the end.' : ''}`;
  const noise = results.filter((result) => result.noise.length > 0);
  const beyond = rows.filter(({ misses, biasMs, mostBiasMs }) => misses === 0 && biasMs !== null && mostBiasMs !== null && Math.abs(biasMs) > mostBiasMs);
  return `${[
    '# The calibration, as it was kept', `Written by \`${command}\`; [how-we-know.md](how-we-know.md) says what the columns mean. ${verdict}`,
    table(['part', 'when', 'took when last called', 'machine', 'version'], results.map(({ part, at, tookS, machine, version }) => [part, at.slice(0, 10), sayTook(tookS), `${machine.cpus} CPUs, ${machine.memoryGiB} GiB, ${machine.arch}`, version])),
    table(['mode', ...titles], rows.filter(({ skipped }) => skipped === undefined).map((row) => [row.mode, ...cellsOf(row)])),
    ...(beyond.length === 0 ? [] : [`Off by more than \`at most\`, but by no more than chance may add to the mean of so many cases (${mostErrors} standard errors): ${beyond.map(({ mode }) => mode).join('; ')}.`]),
    ...noise.map((result) => `## Noise: the most that was found with nothing broken (${result.part})\n\n${table(['measure', 'at most'], result.noise.map((one) => [`\`${one.name}\``, sayNoise(one)]))}`),
    `## What is not in it\n\n${leftOut.length === 0 ? 'Nothing was left out but the disturbed cases, which the last column counts.' : leftOut.map((line) => `* ${line}`).join('\n')}`,
  ].join('\n\n')}\n`;
}

function cellsOf({ cases, misses, alarms, biasMs, mostBiasMs, widthMs, mostWidthMs, disturbed }: Row): string[] {
  return [cases, misses, alarms, biasMs, mostBiasMs, widthMs, mostWidthMs, disturbed].map((value) => (value === null || value === undefined ? '-' : String(Math.round(value)))); // where toFixed would say -0
}

function sayTook(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
