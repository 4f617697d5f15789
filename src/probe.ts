import type { ZodType } from 'zod';
import type { Kind, Seen } from './seen.ts';
import type { Place, Topology } from './topology.ts';
import type { CrowdTold, Sense, Senses } from './world.ts';

/** One look: what was seen, whether it counts as good, and why not. Throwing means a bad look that saw nothing. */
export type Look<K extends Kind> = (seq: number, signal: AbortSignal) => Promise<{ readonly ok: boolean; readonly data: Seen[K]; readonly error?: string }>;

/** Looks that a program makes, which keeps the schedule itself. `begin` resolves when it does, and rejects with why it cannot; `stop` waits for looks under way. */
export interface Stream<K extends Kind> { begin(schedule: { readonly everyMs: number; readonly timeoutMs: number; readonly script: string }, told: StreamTold<K>): Promise<{ stop(): Promise<void> }> }
/** Where a program says what it saw. `first`: of its tick, for which there may be several looks. */
export interface StreamTold<K extends Kind> extends Omit<CrowdTold, 'request'> {
  look(look: { readonly scheduled: number; readonly started: number; readonly ended: number; readonly ok: boolean; readonly error: string | null; readonly data: Seen[K] | null; readonly first: boolean }): void;
}

/** A way to look again and again; `S` are the senses it uses, and no others compile. `L`: a look a tick, or a stream of them. */
export interface Probe<P = unknown, K extends Kind = Kind, S extends Sense = Sense, L = Look<K>> {
  readonly kind: string;
  readonly about: string;
  readonly says: K;
  readonly params: ZodType<P>;
  readonly needs: readonly S[];
  /** One watch entry may stand for several probes (a resolver each): their params, by a suffix for the name ('' for none). */
  expand?(params: P, topology: Topology): readonly { readonly suffix: string; readonly params: P }[];
  /** Of a stream: the file that its program runs, and how many looks that can have under way at once. Such looks may overlap. */
  program?(params: P): { readonly script: string; readonly clients: number };
  /** Opens once, before the first tick; what it keeps is its own. */
  open(senses: Pick<Senses, S>, params: P, self: { readonly name: string; readonly place: Place }): L;
}
