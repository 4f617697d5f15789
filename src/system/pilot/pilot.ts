import { setTimeout as sleep } from 'node:timers/promises';
import { hostMs } from '../log.ts';
import { openSession, type Login, type Session } from './connect.ts';
import type { Acks, Dialect, Source, Standing } from './dialect.ts';
import type { Config, Database } from './config.ts';

/** Who plays which part now. `expelled`: was failed over from, and stays outside until someone asks for its rejoin. */
export interface Roles {
  primary: Database;
  /** Counts who had the primary's part: the same region may have it twice, and another between two looks. */
  term: number;
  replica: Database | null;
  expelled: Database | null;
  /** Nothing is decided, fenced or published before the pair has been arranged. */
  arranged: boolean;
  /** Region that the database's name was last published for. */
  published: string | null;
  /** The one operation under way, in words. */
  busy: string | null;
  /** Whether this pilot stopped the replica from receiving and has not promoted it since. */
  heldBack: boolean;
  fenced: boolean;
  /** When the primary was last told that it may go on, in ms of the host's monotonic clock: until then, and as long as its lease, it may still take writes. */
  leasedAt: number;
  /** How this primary stood when its replica was attached to it; null before. */
  reference: Standing | null;
}

/** What every part of the pilot works with. */
export interface Pilot { readonly config: Config; readonly dialect: Dialect; readonly roles: Roles }

/** A request that is not carried out: the message says why, and what to do. */
export class Refusal extends Error {}

/** How long a statement to a database may take before the connection is given up. Milliseconds. */
export const patienceMs = 5_000;

/** The roles as configured, with nothing arranged yet. */
export function startRoles(config: Config): Roles {
  const of = (role: Database['role']) => config.databases.find((one) => one.role === role) as Database;
  return { primary: of('primary'), term: 1, replica: of('standby'), expelled: null, arranged: false, published: null, busy: null, heldBack: false, fenced: false, leasedAt: hostMs(), reference: null };
}

/** Hands the primary's part over: what was known of the primary before is nothing to hold against this one's replica. */
export function beginTerm(roles: Roles, primary: Database): void {
  Object.assign(roles, { primary, term: roles.term + 1, replica: null, reference: null });
}

/** How the pilot itself logs in to a database. */
export function loginOf(pilot: Pilot, database: Database): Login {
  return { host: database.host, port: database.port, ...pilot.config.admin, from: pilot.config.from };
}

/** How a replica logs in to it. */
export function sourceOf(pilot: Pilot, database: Database): Source {
  return { host: database.host, port: database.port, ...pilot.config.replication };
}

/** What commits are to wait for; null in async mode. A day stands for "never goes on without its replica". */
export function acksOf(config: Config): Acks | null {
  return config.mode === 'async' ? null : { timeoutMs: config.degradeMs ?? 86_400_000, waitPoint: config.waitPoint };
}

/** Accounts whose connections are never ended. */
export function spared(config: Config): readonly string[] {
  return [config.admin.user, config.replication.user];
}

/** Does some work in a session of its own, each statement bounded by `limitMs`. */
export async function within<T>(pilot: Pilot, database: Database, work: (session: Session) => Promise<T>, limitMs: number = patienceMs): Promise<T> {
  const session = await openSession(loginOf(pilot, database), limitMs);
  try {
    return await work(session);
  } finally {
    session.end();
  }
}

/** Runs one operation at a time; refuses while another is under way. */
export async function exclusively<T>(pilot: Pilot, what: string, work: () => Promise<T>): Promise<T> {
  if (pilot.roles.busy !== null) throw new Refusal(`${what} cannot start while ${pilot.roles.busy} is under way: ask again when GET /state says busy: null`);
  pilot.roles.busy = what;
  try {
    return await work();
  } finally {
    pilot.roles.busy = null;
  }
}

/** Asks again every 20 ms until the answer is not null; null when `limitMs` is over. */
export async function until<T>(ask: () => Promise<T | null>, limitMs: number): Promise<T | null> {
  const endsAt = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null || performance.now() >= endsAt) return answer;
    await sleep(20);
  }
}

/** The message of whatever was thrown. */
export function because(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
