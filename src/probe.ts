import type { ZodType } from 'zod';
import type { Kind, Seen } from './seen.ts';
import type { Place, Topology } from './topology.ts';
import type { Sense, Senses } from './world.ts';

/** One look: what was seen, whether it counts as good, and why not. Throwing means a bad look that saw nothing. */
export type Look<K extends Kind> = (seq: number, signal: AbortSignal) => Promise<{ readonly ok: boolean; readonly data: Seen[K]; readonly error?: string }>;

/** A way to look again and again; `S` are the senses it uses, and no others compile. */
export interface Probe<P = unknown, K extends Kind = Kind, S extends Sense = Sense> {
  readonly kind: string;
  readonly about: string;
  readonly says: K;
  readonly params: ZodType<P>;
  readonly needs: readonly S[];
  /** One watch entry may stand for several probes (a resolver each): their params, by a suffix for the name ('' for none). */
  expand?(params: P, topology: Topology): readonly { readonly suffix: string; readonly params: P }[];
  /** Opens once, before the first tick; what it keeps is its own. */
  open(senses: Pick<Senses, S>, params: P, self: { readonly name: string; readonly place: Place }): Look<K>;
}
