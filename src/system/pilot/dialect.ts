import type { Login, Session } from './connect.ts';

/** A place in the stream of transactions in the engine's own words: MariaDB `0-1-42`, MySQL `uuid:1-42`; empty when there were none. */
export type Position = string;

/** How a server stands. `server`: its identity inside positions. `past`: every transaction it knows, as far as the engine can say. */
export interface Standing {
  readonly server: string;
  readonly writable: boolean;
  readonly position: Position;
  readonly past: Position;
  /** Whether its commits wait for a replica. */
  readonly asksForAcks: boolean;
  /** How many replicas are attached that acknowledge. */
  readonly ackers: number;
  /** How many commits wait for an ack at the moment. */
  readonly waiting: number;
}

/** How a replica stands. `progress` changes whenever anything, if only a heartbeat, was received. */
export interface Link {
  readonly source: string;
  readonly sourceServer: string;
  readonly receiving: boolean;
  readonly receivingState: string;
  readonly progress: string;
  readonly received: Position;
  readonly applying: boolean;
  /** It has stopped on an error and will not go on by itself. */
  readonly broken: boolean;
  readonly givesAcks: boolean;
  readonly writable: boolean;
  readonly error: string | null;
}

/** Transactions that one server has and its new source has not. `range` names them in a file's name; `after`: the last one both have. */
export interface Errant { readonly count: number; readonly range: string; readonly after: Position; readonly from: readonly string[] }

/** Where a replica logs in. */
export interface Source { readonly host: string; readonly port: number; readonly user: string; readonly password: string }
/** How often a replica hears from its source, and how long a silence it takes for a broken link. */
export interface Pace { readonly netTimeoutMs: number; readonly heartbeatMs: number }
/** How long a commit waits for a replica, and whether before or after the engine commits. */
export interface Acks { readonly timeoutMs: number; readonly waitPoint: 'after-sync' | 'after-commit' }

/** Everything the pilot ever says to a database, so that it need not know which engine it talks to. Every function rejects when the server does not do it. */
export interface Dialect {
  readonly engine: string;
  ping(session: Session): Promise<void>;
  standing(session: Session): Promise<Standing>;
  /** Null when it follows nobody. */
  link(session: Session): Promise<Link | null>;
  /** Stops receiving and nothing else: what was received goes on being applied. The source can no longer collect acks from here. */
  stopReceiving(session: Session, limitMs: number): Promise<void>;
  resumeReceiving(session: Session): Promise<void>;
  /** Waits until everything up to `position` is applied; false when that took longer than `limitMs`. */
  drain(session: Session, position: Position, limitMs: number): Promise<boolean>;
  /** Follows nobody from now on, gives and asks for no acks, accepts writes. */
  promote(session: Session): Promise<void>;
  /** Starts to follow, from its own position. `demoted`: it was a primary, and its own transactions count as received. */
  follow(session: Session, source: Source, pace: Pace, demoted: boolean): Promise<void>;
  openWrites(session: Session): Promise<void>;
  /** Refuses writes from now on and ends the clients' connections, so that nobody gets an ack for a commit that no replica has.
   *  Statements have `graceMs` to end by themselves. Commits may be left asking for acks where none waits for one. Needs two sessions of one server; answers how many connections it ended. */
  closeWrites(one: Session, other: Session, sparing: readonly string[], graceMs: number, limitMs: number): Promise<number>;
  /** Source side of semi-synchronous replication; null switches it off. */
  askForAcks(session: Session, acks: Acks | null): Promise<void>;
  /** Lets commits go on whose ack was lost on the way; only right while the replica holds all of them. */
  releaseWaiting(session: Session, acks: Acks): Promise<void>;
  /** Whether everything up to `position` was received. Pure. */
  holds(link: Link, position: Position): boolean;
  /** Replica side; takes effect at once, also on a link that is up. */
  giveAcks(session: Session, on: boolean): Promise<void>;
  /** Transactions on a replica that did not come from `sourceServer` and that its source, last seen with `past`, did not have. */
  strangers(session: Session, sourceServer: string, past: Position): Promise<readonly string[]>;
  errant(old: Session, current: Session): Promise<Errant>;
  /** Writes these transactions to `path` in a form that can be replayed, and their rows in words to `path` + `.txt`; answers how many it found. */
  saveErrant(login: Login, errant: Errant, path: string): Promise<number>;
  /** Replaces all data of `target` by a consistent copy of `source`, which goes on serving; afterwards `target` stands at the copy's position. */
  rebuild(target: Login, source: Login): Promise<Position>;
  /** Makes sure that there is a table to try a write on and, with `acks`, what it takes to let commits wait for a replica that attaches from now on. */
  prepare(session: Session, schema: string, acks: boolean): Promise<void>;
  /** Lets a server take writes for `forMs` from now, after which it refuses them by itself, a second late at most: nobody has to reach it for that. Takes no transaction of its own. */
  renewLease(session: Session, schema: string, forMs: number): Promise<void>;
  /** Writes one row as proof that the server takes writes. */
  tryWrite(session: Session, schema: string, note: string): Promise<void>;
}
