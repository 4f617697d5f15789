import { connect as connectSocket } from 'node:net';
import mysql from 'mysql2';

/** Where to log in, as whom, and from which address of this machine. */
export interface Login { readonly host: string; readonly port: number; readonly user: string; readonly password: string; readonly from: string }

/** One row, every value as the server's own text: a BIGINT or a GTID never passes through a double. */
export type Row = Readonly<Record<string, string | null>>;

/** A connection that cannot hang: what is not answered in time destroys it, and from then on every `ask` rejects. */
export interface Session {
  /** The server's number for this connection. */
  readonly id: number;
  /** One statement; rejects with the server's reason, or after `limitMs` (default: the session's). */
  ask(sql: string, values?: readonly (string | number)[], limitMs?: number): Promise<readonly Row[]>;
  end(): void;
}

/** Connects and logs in within `limitMs`, which is also the limit of each statement; rejects with the address and the reason. */
export async function openSession(login: Login, limitMs: number): Promise<Session> {
  const socket = connectSocket({ host: login.host, port: login.port, localAddress: login.from });
  socket.setNoDelay(true);
  const raw = mysql.createConnection({ stream: () => socket, user: login.user, password: login.password, connectTimeout: 0 });
  const where = `${login.host}:${login.port}`;
  raw.on('error', () => {}); // each waiting statement hears of it by itself
  const end = () => { raw.destroy(); socket.destroy(); };
  const bounded = <T>(what: string, ms: number, start: (settle: (error: Error | null, value?: T) => void) => void) => new Promise<T>((resolve, reject) => {
    const fail = (why: string) => { clearTimeout(timer); end(); reject(new Error(`${where}: ${what}: ${why}`)); };
    const timer = setTimeout(() => fail(`no answer within ${Math.round(ms)} ms`), ms);
    socket.once('close', () => fail('connection closed'));
    start((error, value) => {
      clearTimeout(timer);
      if (error) reject(new Error(`${where}: ${what}: ${error.message || (error as NodeJS.ErrnoException).code}`)); else resolve(value as T);
    });
  });
  socket.setMaxListeners(0);
  try {
    await bounded<void>('connect', limitMs, (settle) => raw.connect((error) => settle(error)));
  } catch (error) {
    end();
    throw error;
  }
  const ask: Session['ask'] = (sql, values = [], ms = limitMs) => bounded<readonly Row[]>(sql.slice(0, 60), ms, (settle) => {
    if (socket.destroyed) { settle(new Error('connection closed before')); return; }
    raw.query({ sql, values: [...values], typeCast: (field) => field.string() }, (error, rows) => settle(error, (Array.isArray(rows) ? rows : []) as Row[]));
  });
  return { id: raw.threadId ?? 0, ask, end };
}
