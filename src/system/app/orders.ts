import { hostMs } from '../log.ts';
import type { Answer, Connection } from './connection.ts';
import type { Pool } from './pool.ts';

/** One attempt of one write, as a client asks for it. */
export interface Order { readonly writer: string; readonly number: number; readonly attempt: number }

/** What became of a write. refused: known not committed. indeterminate: sent, and nobody knows. */
export type Written =
  | { readonly outcome: 'acked'; readonly server: string; readonly gtid: string | null }
  | { readonly outcome: 'refused' | 'indeterminate'; readonly error: string };

/** How long one may wait for a free connection, and for the answer to one statement. Milliseconds. */
export interface Patience { readonly waitMs: number; readonly queryMs: number }

// Errors that the server raises before anything is committed, and rolls the statement back for: permission, no such table, lock wait, deadlock,
// data too long, read-only (1290, 1792, 1836). Any other, a killed connection among them, may follow a commit.
const notCommitted: ReadonlySet<number> = new Set([1142, 1146, 1205, 1213, 1290, 1406, 1792, 1836]);

/** Writes one row by one INSERT and says honestly what is known of it; never rejects. */
export async function append(pool: Pool, order: Order, servedBy: string, patience: Patience): Promise<Written> {
  let connection: Connection;
  try {
    connection = await pool.take(patience.waitMs);
  } catch (error) {
    return { outcome: 'refused', error: (error as Error).message };
  }
  const answer = await connection.query('INSERT INTO orders (writer, number, attempt, served_by, at) VALUES (?, ?, ?, ?, ?)',
    [order.writer, order.number, order.attempt, servedBy, hostMs()], patience.queryMs);
  pool.give(connection);
  return judge(answer, connection.server);
}

/** What an answer to the INSERT proves. */
export function judge(answer: Answer, server: string): Written {
  if (answer.ok) return { outcome: 'acked', server, gtid: gtidOf(answer.result) };
  const known = !answer.sent || (answer.errno !== null && notCommitted.has(answer.errno));
  return { outcome: known ? 'refused' : 'indeterminate', error: answer.error };
}

function gtidOf(result: unknown): string | null {
  const { stateChanges } = result as { stateChanges?: { systemVariables?: Record<string, string>; gtids?: readonly string[] } };
  return stateChanges?.systemVariables?.['last_gtid'] || stateChanges?.gtids?.[0] || null;
}

/** The ten newest orders, newest first; rejects when the read fails. */
export async function recent(pool: Pool, patience: Patience): Promise<{ server: string; recent: unknown[] }> {
  const { server, rows } = await read(pool, 'SELECT id, writer, number, attempt, served_by, at FROM orders ORDER BY id DESC LIMIT 10', [], patience);
  return { server, recent: rows };
}

/** A writer's numbers from `from` on, as inclusive ascending runs; rejects when the read fails. */
export async function seen(pool: Pool, writer: string, from: number, patience: Patience): Promise<{ server: string; numbers: [number, number][] }> {
  const { server, rows } = await read(pool, 'SELECT DISTINCT number FROM orders WHERE writer = ? AND number >= ? ORDER BY number', [writer, from], patience);
  return { server, numbers: runsOf((rows as { number: number }[]).map((row) => Number(row.number))) };
}

/** Ascending numbers as inclusive runs: 1 2 3 7 becomes [[1,3],[7,7]]. */
export function runsOf(numbers: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && number <= last[1] + 1) last[1] = number; else runs.push([number, number]);
  }
  return runs;
}

async function read(pool: Pool, sql: string, values: readonly unknown[], patience: Patience): Promise<{ server: string; rows: unknown[] }> {
  const connection = await pool.take(patience.waitMs);
  const answer = await connection.query(sql, values, patience.queryMs);
  pool.give(connection);
  if (!answer.ok) throw new Error(answer.error);
  return { server: connection.server, rows: answer.result as unknown[] };
}
