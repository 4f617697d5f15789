import type { History, Sample } from '../../history.ts';
import type { WriteSeen } from '../../seen.ts';

/** What is known of one number of a writer, best attempt first. */
export const known = { nothing: 0, refused: 1, indeterminate: 2, acked: 3 } as const;

/**
 * Everything one writer attempted, in columns indexed by its numbers: six bytes a write, so that ten million fit.
 * `known`: see above; `rows`: how many rows its attempts can explain (capped at 255); `entry`: index into the history of the attempt that decided.
 */
export interface Writer {
  readonly name: string;
  readonly known: Uint8Array;
  readonly rows: Uint8Array;
  readonly entry: Int32Array;
  /** The highest number that was attempted. */
  readonly last: number;
}

/** Everything that was attempted, by writer. */
export type Ledger = ReadonlyMap<string, Writer>;

/** Reads the ledger out of a history. An attempt of which nothing came back is indeterminate, never lost. */
export function readLedger(history: History): Ledger {
  const ledger = new Map<string, Columns>();
  history.entries.forEach((entry, index) => {
    if (entry.kind !== 'sample' || entry.says !== 'write') return;
    const write = attemptOf(entry as Sample<'write'>);
    let columns = ledger.get(write.writer);
    if (!columns) ledger.set(write.writer, columns = new Columns(write.writer));
    columns.add(write.number, known[write.outcome], index);
  });
  return ledger;
}

/** What an attempt was, also where the look told nothing: its number is then its place in the order (a ledger's first look writes number 1), its outcome indeterminate. */
export function attemptOf(sample: Sample<'write'>): Omit<WriteSeen, 'op'> & { readonly writer: string; readonly number: number } {
  const seen = sample.data ?? { op: `${sample.probe}:${sample.seq + 1}`, attempt: 1, outcome: 'indeterminate' as const, server: null, gtid: null, servedBy: null };
  const colon = seen.op.lastIndexOf(':');
  return { ...seen, writer: seen.op.slice(0, colon), number: Number(seen.op.slice(colon + 1)) };
}

/** The attempt that decided what is known of a number. */
export function decidedBy(history: History, writer: Writer, number: number): Sample<'write'> {
  return history.entries[writer.entry[number] ?? -1] as Sample<'write'>;
}

class Columns implements Writer {
  readonly name: string;
  known = new Uint8Array(1024);
  rows = new Uint8Array(1024);
  entry = new Int32Array(1024);
  last = 0;

  constructor(name: string) { this.name = name; }

  add(number: number, outcome: number, index: number): void {
    if (number >= this.known.length) this.#grow(number + 1);
    if (outcome > (this.known[number] ?? 0)) { this.known[number] = outcome; this.entry[number] = index; }
    if (outcome >= known.indeterminate) this.rows[number] = Math.min(255, (this.rows[number] ?? 0) + 1);
    this.last = Math.max(this.last, number);
  }

  #grow(least: number): void {
    const size = Math.max(least, this.known.length * 2);
    const wider = <A extends Uint8Array | Int32Array>(column: A, empty: A): A => { empty.set(column); return empty; };
    this.known = wider(this.known, new Uint8Array(size));
    this.rows = wider(this.rows, new Uint8Array(size));
    this.entry = wider(this.entry, new Int32Array(size));
  }
}
