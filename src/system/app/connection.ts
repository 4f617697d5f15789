import { connect as connectSocket, type Socket } from 'node:net';
import mysql from 'mysql2';
import type { Locate } from './locate.ts';

/** How one statement ended. `sent: false` means that not a byte of it was handed to the socket; `errno` is the server's own number, null where the server said nothing. */
export type Answer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly sent: boolean; readonly errno: number | null; readonly error: string };

/** A connection to one database server, which stays with it however the name moves. `server`: its server_id as text. */
export interface Connection {
  readonly address: string;
  readonly server: string;
  alive(): boolean;
  /** One statement at a time; never rejects. After anything but an `ok` answer the connection is dead. */
  query(sql: string, values: readonly unknown[], timeoutMs: number): Promise<Answer>;
  destroy(): void;
}

/** Where to connect, and as whom. */
export interface Door { readonly locate: Locate; readonly from?: string | undefined; readonly port: number; readonly user: string; readonly password: string; readonly schema: string }

interface Wire { readonly raw: mysql.Connection; readonly socket: Socket; dead: boolean; onLost: (why: string) => void }

/** Resolves the name, connects, logs in and asks the server who it is, all within `timeoutMs`; rejects with the reason otherwise. `onLost` hears once why a connection that was made ended. */
export async function connect(door: Door, timeoutMs: number, onLost: (why: string) => void = () => {}): Promise<Connection> {
  const endsAt = performance.now() + timeoutMs;
  const address = await door.locate(timeoutMs);
  const wire = openWire(door, address);
  const who = await ask(wire, 'SELECT CAST(@@server_id AS CHAR) AS server, VERSION() AS version', [], endsAt - performance.now());
  const [row] = (who.ok ? who.result : []) as { server: string; version: string }[];
  const setUp = who.ok ? await ask(wire, trackGtid(row?.version ?? ''), [], endsAt - performance.now()) : who;
  if (!setUp.ok) throw new Error(`${address}: ${setUp.error}`);
  wire.onLost = onLost;
  return {
    address,
    server: row?.server ?? '',
    alive: () => !wire.dead,
    query: (sql, values, limitMs) => ask(wire, sql, values, limitMs),
    destroy: () => end(wire),
  };
}

// The GTID travels in the OK packet of each commit: no second question that could fail after an ack. MariaDB tells it as a variable, MySQL as what it is.
function trackGtid(version: string): string {
  return /MariaDB/i.test(version) ? "SET SESSION session_track_system_variables = 'last_gtid'" : 'SET SESSION session_track_gtids = OWN_GTID';
}

function openWire(door: Door, address: string): Wire {
  const socket = connectSocket({ host: address, port: door.port, ...(door.from === undefined ? {} : { localAddress: door.from }) });
  socket.setNoDelay(true);
  const raw = mysql.createConnection({ stream: () => socket, user: door.user, password: door.password, database: door.schema, connectTimeout: 0 });
  const wire: Wire = { raw, socket, dead: false, onLost: () => {} };
  raw.on('error', (error: Error) => lose(wire, error.message));
  raw.on('end', () => lose(wire, 'the server closed the connection'));
  socket.on('close', () => lose(wire, 'closed'));
  return wire;
}

function lose(wire: Wire, why: string): void {
  if (wire.dead) return;
  end(wire);
  wire.onLost(why);
}

function end(wire: Wire): void {
  wire.dead = true;
  wire.raw.destroy();
  wire.socket.destroy();
}

function ask(wire: Wire, sql: string, values: readonly unknown[], timeoutMs: number): Promise<Answer> {
  if (wire.dead) return Promise.resolve({ ok: false, sent: false, errno: null, error: 'the connection was lost before' });
  return new Promise((resolve) => {
    const before = wire.socket.bytesWritten;
    let queued = false;
    const fail = (errno: number | null, error: string) => {
      clearTimeout(timer);
      const sent = queued || wire.socket.bytesWritten > before;
      lose(wire, error);
      resolve({ ok: false, sent, errno, error });
    };
    const timer = setTimeout(() => fail(null, `no answer within ${Math.round(timeoutMs)} ms`), Math.max(0, timeoutMs));
    wire.raw.query({ sql, values: [...values] }, (error, result) => {
      if (error) { fail(error.sqlState === undefined ? null : (error.errno ?? null), error.message || String(error.code)); return; }
      clearTimeout(timer);
      resolve({ ok: true, result });
    });
    // Bytes waiting in Node's own buffer count as sent: they may still leave.
    queued = wire.socket.bytesWritten > before;
  });
}
