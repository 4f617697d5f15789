import type { QueryResult, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { hostMs } from '../clock.ts';
import type { Ranges, ReadSeen, ServerSeen, Target, Update, UpdateSeen, Write, WriteSeen } from '../seen.ts';
import type { Atlas } from '../world.ts';
import { sayWrite } from './append.ts';
import type { Address } from './connect.ts';
import { abortable, drop, gtidOf, inTurn, openSession, refusals, type Desk } from './desk.ts';
import { addressOf } from './lines.ts';
import { readFound, sayUpdate } from './set.ts';
import { sayState, stateQuestions } from './server-state.ts';

/** Writes into databases, reads from them and asks them what they say of themselves, past every app. `read` and `status` reject when they fail. */
export interface Direct { append(target: Target, write: Write, signal: AbortSignal): Promise<WriteSeen>; update(target: Target, update: Update, signal: AbortSignal): Promise<UpdateSeen>; read(target: Target, writer: string, from: number, signal: AbortSignal): Promise<ReadSeen>; status(target: Target, signal: AbortSignal): Promise<ServerSeen>; close(): void }

/**
 * One kept connection per database, one statement at a time: a write that waits behind a stuck one until its time is up was never sent, and is refused. Never
 * rejects. A connection that failed or was given up on is destroyed, and the next write opens another.
 */
export function makeDirect(atlas: Atlas): Direct {
  const desks = new Map<string, Desk>();
  const deskAt = (address: Address, purpose = ''): Desk => {
    const key = `${address.host}:${address.port}${purpose}`;
    const desk = desks.get(key) ?? { session: null, tail: Promise.resolve() };
    desks.set(key, desk);
    return desk;
  };
  return {
    async append(target, write, signal) {
      if (target === 'service') return sayWrite(write, 'refused');
      const address = addressOf(atlas, target);
      const desk = deskAt(address);
      return inTurn(desk, signal, () => insert(desk, address, atlas, write, signal), () => sayWrite(write, 'refused'));
    },
    async update(target, update, signal) {
      if (target === 'service') return sayUpdate(update, 'refused');
      const address = addressOf(atlas, target);
      const desk = deskAt(address);
      return inTurn(desk, signal, () => set(desk, address, atlas, update, signal), () => sayUpdate(update, 'refused'));
    },
    async read(target, writer, from, signal) {
      if (target === 'service') throw new Error('the service is no database');
      const address = addressOf(atlas, target);
      const desk = deskAt(address);
      return inTurn(desk, signal, () => select(desk, address, atlas, writer, from, signal), () => { throw new Error('still waiting for its turn'); });
    },
    async status(target, signal) {
      if (target === 'service') throw new Error('the service is no database');
      const address = addressOf(atlas, target);
      const desk = deskAt(address, ', its state'); // a write may be stuck in the other
      return inTurn(desk, signal, () => askState(desk, address, atlas, signal), () => { throw new Error('still waiting for its turn'); });
    },
    close() {
      for (const desk of desks.values()) drop(desk);
    },
  };
}

async function insert(desk: Desk, address: Address, atlas: Atlas, write: Write, signal: AbortSignal): Promise<WriteSeen> {
  try { desk.session ??= await openSession(address, atlas, signal); } catch { return sayWrite(write, 'refused'); }
  const { connection, server } = desk.session;
  try {
    const [header] = await abortable(signal, connection.query<ResultSetHeader>(
      "INSERT INTO orders (writer, number, attempt, served_by, at) VALUES (?, ?, ?, 'direct', ?)", [write.writer, write.number, write.attempt, hostMs()],
    ));
    return sayWrite(write, 'acked', { server, gtid: gtidOf(header) });
  } catch (error) {
    drop(desk);
    return sayWrite(write, refusals.has((error as { errno?: number }).errno ?? 0) ? 'refused' : 'indeterminate', { server });
  }
}

async function set(desk: Desk, address: Address, atlas: Atlas, update: Update, signal: AbortSignal): Promise<UpdateSeen> {
  try { desk.session ??= await openSession(address, atlas, signal); } catch { return sayUpdate(update, 'refused'); }
  const { connection, server } = desk.session;
  const { group, slot, writer, number } = update;
  const value = `${writer}:${number}`;
  const ask = <T extends QueryResult>(sql: string, values: (string | number)[] = []) => abortable(signal, connection.query<T>(sql, values));
  let committing = false;
  try {
    await ask('START TRANSACTION');
    // Assignments go from left to right: each column takes what the next one still holds.
    await ask("INSERT INTO registers (name, slot, value, served_by, at) VALUES (?, ?, ?, 'direct', ?) ON DUPLICATE KEY UPDATE before_value = over_value, over_value = value, value = ?, served_by = 'direct', at = ?", [group, slot, value, hostMs(), value, hostMs()]);
    const [rows] = await ask<RowDataPacket[]>('SELECT over_value, before_value FROM registers WHERE name = ? AND slot = ?', [group, slot]);
    committing = true;
    const [header] = await ask<ResultSetHeader>('COMMIT');
    return sayUpdate(update, 'acked', { server, gtid: gtidOf(header), found: readFound(rows[0]?.['over_value'], rows[0]?.['before_value']) });
  } catch (error) {
    drop(desk); // and with the session its transaction, unless COMMIT may have arrived
    return sayUpdate(update, !committing || refusals.has((error as { errno?: number }).errno ?? 0) ? 'refused' : 'indeterminate', { server });
  }
}

async function select(desk: Desk, address: Address, atlas: Atlas, writer: string, from: number, signal: AbortSignal): Promise<ReadSeen> {
  desk.session ??= await openSession(address, atlas, signal);
  const { connection, server } = desk.session;
  try {
    const [rows] = await abortable(signal, connection.query('SELECT DISTINCT number FROM orders WHERE writer = ? AND number >= ? ORDER BY number', [writer, from]));
    return { writer, from, numbers: runsOf((rows as { number: number | string }[]).map(({ number }) => Number(number))), server };
  } catch (error) {
    drop(desk);
    throw error;
  }
}

async function askState(desk: Desk, address: Address, atlas: Atlas, signal: AbortSignal): Promise<ServerSeen> {
  desk.session ??= await openSession(address, atlas, signal);
  const { connection, server } = desk.session;
  try {
    const said: Record<string, string> = {};
    for (const question of stateQuestions) {
      const [rows] = await abortable(signal, connection.query(question));
      for (const { Variable_name: name, Value: value } of rows as { Variable_name: string; Value: string }[]) said[name.toLowerCase()] = value;
    }
    return sayState(server, said);
  } catch (error) {
    drop(desk);
    throw error;
  }
}

/** Ascending numbers as inclusive runs. */
function runsOf(numbers: readonly number[]): Ranges {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && number === last[1] + 1) last[1] = number; else runs.push([number, number]);
  }
  return runs;
}
