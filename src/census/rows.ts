import type { Census } from '../census.ts';
import type { Lineage, Ranges } from '../seen.ts';

/** Reads a census out of the lines that its statements gave, each led by a word: `server`, `at` (position), `state`, `sum`, `run` and `many` for the rows, and `held` for the registers. */
export function readCensus(lines: readonly string[][]): Census {
  const one = (word: string) => lines.find((line) => line[0] === word)?.[1] ?? '';
  const rows: Record<string, { numbers: [number, number][]; counts: Record<string, number> }> = {};
  const of = (writer: string) => (rows[writer] ??= { numbers: [], counts: {} });
  const registers: Record<string, Record<string, Lineage>> = {};
  for (const line of lines) {
    const [word, writer = '', first = '', second = ''] = line;
    if (word === 'run') of(writer).numbers.push([Number(first), Number(second)]);
    if (word === 'held') (registers[writer] ??= {})[first] = lineageOf(second, line[4] ?? '', line[5] ?? '');
    if (word === 'many') of(writer).counts[first] = Number(second);
  }
  return { server: one('server'), rows: rows as Record<string, { numbers: Ranges & [number, number][]; counts: Record<string, number> }>, registers, position: one('at'), state: one('state'), checksum: one('sum') };
}

/** Newest first, ending with null where the one before it was the first. */
function lineageOf(value: string, over: string, before: string): Lineage {
  return over === '' ? [value, null] : [value, over, before === '' ? null : before];
}
