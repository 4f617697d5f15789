import type { Part, Place } from './topology.ts';

/** Where a look is aimed: what users call the service, a part of one region directly, or the control point that no lever can touch. */
export type Target = 'service' | 'control' | { readonly place: Place; readonly part: Part; /** One of several, by its name. */ readonly only?: string };

/** How a client gets there: which resolver it asks, and whether it opens a connection a time or keeps them. `cache`: it keeps an address for so long (ms) itself, whatever TTL it was told; it asks each time where it is not said. */
export interface Manner { readonly resolver: string; readonly connections: 'new' | 'reused'; readonly cache?: number | 'forever' | undefined }

export interface HttpSeen { readonly status: number; readonly servedBy: string | null; readonly connection: 'new' | 'reused'; readonly address: string }
export interface DnsSeen { readonly server: string; readonly addresses: readonly string[]; readonly ttl: number | null; readonly rcode: string; readonly ede: number | null }

/** One attempt of one write. `op` is `writer:number`. */
export interface Write { readonly writer: string; readonly number: number; readonly attempt: number }
/** acked: COMMIT was acknowledged. refused: known not committed. indeterminate: sent, and nobody knows. */
export type Outcome = 'acked' | 'refused' | 'indeterminate';
export interface WriteSeen { readonly op: string; readonly attempt: number; readonly outcome: Outcome; readonly server: string | null; readonly gtid: string | null; readonly servedBy: string | null }

/** One setting of one register: the slot `slot` of a group gets the value `writer:number`. */
export interface Update { readonly group: string; readonly slot: number; readonly writer: string; readonly number: number }
/** Values of one slot (`writer:number`), newest first: each took the place of the one after it; null at the end: nobody had set it before. */
export type Lineage = readonly (string | null)[];
/** One attempt to set a slot. `found`: what stood there when it was set, as far as the database told; null where nothing was told. */
export interface UpdateSeen { readonly group: string; readonly slot: number; readonly value: string; readonly outcome: Outcome; readonly server: string | null; readonly gtid: string | null; readonly servedBy: string | null; readonly found: Lineage | null }

/** Inclusive runs of numbers, ascending and apart: [[1,4],[7,7]]. */
export type Ranges = readonly (readonly [number, number])[];
/** What one read of a writer's numbers from `from` on returned. */
export interface ReadSeen { readonly writer: string; readonly from: number; readonly numbers: Ranges; readonly server: string | null }

/** All rows of one server at one replication position. `counts`: numbers with more than one row. Position and state in the engine's own words. */
export interface CensusSeen {
  readonly region: Place;
  readonly server: string;
  readonly rows: Readonly<Record<string, { readonly numbers: Ranges; readonly counts: Readonly<Record<string, number>> }>>;
  /** What stands in each slot of each group of registers; absent where the database has none. */
  readonly registers?: Readonly<Record<string, Readonly<Record<string, Lineage>>>>;
  readonly position: string;
  readonly state: string;
  readonly checksum: string;
}

/** What commits do about the replica. in force: they wait for it. degraded: they are to wait, and go on without it. off: they are not to wait. */
export type AckState = 'in force' | 'degraded' | 'off';
/**
 * What a database server says of itself. Counters are since it started, `upS` seconds ago: `waited` and `alone` are commits that a replica had acknowledged before
 * they returned, and that none had though they were to wait; `grouped`: these two count groups of commits that went together, and no more is known than whether there was one; `connections` were asked for, `refused` of them because there were `most`; `open` are there now.
 */
export interface ServerSeen { readonly server: string; readonly upS: number; readonly acks: AckState; readonly waited: number; readonly alone: number; readonly grouped?: true; readonly connections: number; readonly refused: number; readonly open: number; readonly most: number }

/** How a raw TCP connection with one request fared: answered, refused at once, nothing came back, or accepted and then nothing. */
export type Reach = 'ok' | 'refused' | 'silent' | 'accepts-but-dead' | 'unreachable';
export interface ReachSeen { readonly to: string; readonly reach: Reach }

/** What one look of each kind says. */
export interface Seen {
  readonly http: HttpSeen;
  readonly dns: DnsSeen;
  readonly write: WriteSeen;
  readonly update: UpdateSeen;
  readonly read: ReadSeen;
  readonly census: CensusSeen;
  readonly reach: ReachSeen;
  readonly server: ServerSeen;
}
export type Kind = keyof Seen;
