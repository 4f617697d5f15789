import { connect as open } from 'node:net';
import type { Connection, ResultSetHeader } from 'mysql2/promise';
import type { Atlas } from '../world.ts';
import type { Address } from './connect.ts';
import { until } from './until.ts';

/** The server's own words for "not committed": read-only in its kinds, denied, no such table or database, deadlock, lock wait. */
export const refusals: ReadonlySet<number> = new Set([1290, 1792, 1836, 1044, 1045, 1049, 1142, 1146, 1205, 1213]);

/** A kept connection to a database, and which server it is. */
export interface Session { readonly connection: Connection; readonly server: string }
/** Where statements for one database wait for their turn. */
export interface Desk { session: Session | null; tail: Promise<void> }

/** Acts when all who came before have; `tooLate` where the signal aborts first. */
export async function inTurn<T>(desk: Desk, signal: AbortSignal, act: () => Promise<T>, tooLate: () => T): Promise<T> {
  const before = desk.tail;
  let leave = (): void => {};
  desk.tail = new Promise((resolve) => { leave = resolve; });
  const mine = await until<boolean>(signal, 'still waiting for its turn', (done) => { void before.then(() => done(true)); return () => {}; }).catch(() => false);
  if (!mine) { void before.then(leave); return tooLate(); }
  try { return await act(); } finally { leave(); }
}

/** The GTID that came with an acknowledged commit. */
export function gtidOf(header: ResultSetHeader): string | null {
  const changes = (header as { stateChanges?: { systemVariables?: Readonly<Record<string, string>>; gtids?: readonly string[] } }).stateChanges;
  return changes?.systemVariables?.['last_gtid'] || changes?.gtids?.[0] || null;
}

/** Connects and asks the server who it is; rejects with why not. */
export async function openSession(address: Address, atlas: Atlas, signal: AbortSignal): Promise<Session> {
  // Only agents that look this way carry the driver in memory.
  const { createConnection } = await import('mysql2/promise');
  const socket = open({ host: address.host, port: address.port, localAddress: atlas.from, noDelay: true });
  try {
    const { user, password, schema } = atlas.database;
    const connection = await abortable(signal, createConnection({ user, password, database: schema, stream: () => socket, supportBigNumbers: true, bigNumberStrings: true }));
    connection.on('error', () => {}); // a kept connection may die while idle: the next write finds out
    const [rows] = await abortable(signal, connection.query('SELECT @@server_id AS server, VERSION() AS version'));
    const [row] = rows as { server: unknown; version: unknown }[];
    // MariaDB tells the GTID of a commit as a variable, MySQL as what it is.
    await abortable(signal, connection.query(/MariaDB/i.test(String(row?.version)) ? "SET SESSION session_track_system_variables = 'last_gtid'" : 'SET SESSION session_track_gtids = OWN_GTID'));
    return { connection, server: String(row?.server) };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** What a promise comes to, unless the signal aborts first: then it rejects. */
export function abortable<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return until(signal, 'still waiting for the database', (done, fail) => { work.then(done, fail); return () => {}; });
}

/** Ends a desk's connection: the next statement opens another. */
export function drop(desk: Desk): void {
  desk.session?.connection.destroy();
  desk.session = null;
}
