import type { CensusSeen, Ranges } from '../../seen.ts';
import { hash } from './random.ts';

/** Rows of the orders table: how many there are of each number, by writer. */
export type Rows = Map<string, number[]>;

/** Adds one row. */
export function addRow(rows: Rows, writer: string, number: number): void {
  const counts = rows.get(writer) ?? [];
  if (counts.length === 0) rows.set(writer, counts);
  counts[number] = (counts[number] ?? 0) + 1;
}

/** A writer's numbers from `from` on, as inclusive ascending runs. */
export function runsFrom(rows: Rows, writer: string, from: number): Ranges {
  const counts = rows.get(writer) ?? [];
  const runs: [number, number][] = [];
  for (let number = Math.max(0, from); number < counts.length; number += 1) {
    if (!counts[number]) continue;
    const last = runs.at(-1);
    if (last && last[1] === number - 1) last[1] = number; else runs.push([number, number]);
  }
  return runs;
}

/** Every row, as a census says it. */
export function countRows(rows: Rows): CensusSeen['rows'] {
  return Object.fromEntries([...rows].map(([writer, counts]) => {
    const several = counts.flatMap((count, number) => (count > 1 ? [[String(number), count] as const] : []));
    return [writer, { numbers: runsFrom(rows, writer, 0), counts: Object.fromEntries(several) }];
  }));
}

/** A checksum of all rows, whatever order they came in: the sum of a hash of each, 32 bits, as hex. */
export function checksumOf(rows: Rows): string {
  let sum = 0;
  for (const [writer, counts] of rows) {
    const seed = hash(writer);
    counts.forEach((count, number) => { sum = (sum + Math.imul(count, mix(seed ^ number))) >>> 0; });
  }
  return sum.toString(16).padStart(8, '0');
}

// Spreads neighbours apart (Knuth's multiplicative hashing, 2^32 divided by the golden ratio), so that two wrongs do not cancel out.
function mix(value: number): number {
  const spread = Math.imul(value ^ (value >>> 15), 2_654_435_761);
  return (spread ^ (spread >>> 13)) >>> 0;
}
