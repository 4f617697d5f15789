import type { Census } from '../census.ts';
import type { Ranges } from '../seen.ts';

/** Reads a census out of the lines that its statements gave, each led by a word: `server`, `at` (position), `state`, `sum`, and `run` and `many` for the rows. */
export function readCensus(lines: readonly string[][]): Census {
  const one = (word: string) => lines.find((line) => line[0] === word)?.[1] ?? '';
  const rows: Record<string, { numbers: [number, number][]; counts: Record<string, number> }> = {};
  const of = (writer: string) => (rows[writer] ??= { numbers: [], counts: {} });
  for (const line of lines) {
    const [word, writer = '', first = '', second = ''] = line;
    if (word === 'run') of(writer).numbers.push([Number(first), Number(second)]);
    if (word === 'many') of(writer).counts[first] = Number(second);
  }
  return { server: one('server'), rows: rows as Record<string, { numbers: Ranges & [number, number][]; counts: Record<string, number> }>, position: one('at'), state: one('state'), checksum: one('sum') };
}
