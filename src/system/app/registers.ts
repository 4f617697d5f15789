import { hostMs } from '../log.ts';
import type { Connection } from './connection.ts';
import { judge, type Patience, type Written } from './orders.ts';
import type { Pool } from './pool.ts';

/** One setting of one slot of a group, as a client asks for it. */
export interface Setting { readonly group: string; readonly slot: number; readonly writer: string; readonly number: number }

/** What became of it. `found`: the values that stood there, newest first; null at the end where nobody had set it. */
export type SetTo = Written & { readonly found?: readonly (string | null)[] };

// Assignments go from left to right: each column takes what the next one still holds.
const set = `INSERT INTO registers (name, slot, value, served_by, at) VALUES (?, ?, ?, ?, ?)
  ON DUPLICATE KEY UPDATE before_value = over_value, over_value = value, value = ?, served_by = ?, at = ?`;

/** Sets a slot and reads what it took the place of, in one transaction, and says honestly what is known of it; never rejects. */
export async function setRegister(pool: Pool, { group, slot, writer, number }: Setting, servedBy: string, { waitMs, queryMs }: Patience): Promise<SetTo> {
  let connection: Connection;
  try {
    connection = await pool.take(waitMs);
  } catch (error) {
    return { outcome: 'refused', error: (error as Error).message };
  }
  try {
    const value = `${writer}:${number}`;
    const endsAt = performance.now() + queryMs;
    const ask = (sql: string, values: readonly unknown[] = []) => connection.query(sql, values, endsAt - performance.now());
    // Whatever fails before COMMIT has left nothing behind: the connection ends with it, and the transaction with the connection.
    const refused = (error: string): SetTo => ({ outcome: 'refused', error });
    const begun = await ask('START TRANSACTION');
    if (!begun.ok) return refused(begun.error);
    const written = await ask(set, [group, slot, value, servedBy, hostMs(), value, servedBy, hostMs()]);
    if (!written.ok) return refused(written.error);
    const read = await ask('SELECT over_value, before_value FROM registers WHERE name = ? AND slot = ?', [group, slot]);
    if (!read.ok) return refused(read.error);
    const committed = judge(await ask('COMMIT'), connection.server);
    return committed.outcome === 'acked' ? { ...committed, found: foundIn(read.result) } : committed;
  } finally {
    pool.give(connection);
  }
}

function foundIn(rows: unknown): (string | null)[] {
  const [row] = rows as { over_value: string | null; before_value: string | null }[];
  return row?.over_value == null ? [null] : [row.over_value, row.before_value];
}
