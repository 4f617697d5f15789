import type { Alone } from './degraded.ts';
import type { Errant } from './gtids.ts';
import type { Overlap } from './servers.ts';
import type { Stale } from './stale.ts';

/** A lost write as reports list it. `ackedAt`: ms since the start of the run. */
export interface LostWrite { readonly op: string; readonly ackedAt: number; readonly server: string | null; readonly gtid: string | null; readonly class: string; readonly cut: 'before' | 'after' | null }

/** What the finding of `data-loss` carries beside its measures. Lengths in seconds. `errant`: a text says why GTIDs could not be compared. */
export interface Details {
  readonly authority: string;
  readonly writes: readonly LostWrite[];
  /** How many were lost in all: `writes` lists the first of them only. */
  readonly writesInAll: number;
  readonly phantoms: readonly string[];
  readonly retried: number;
  readonly neverRead: number;
  readonly refused: number;
  readonly stale: Stale;
  readonly errant: Errant | string;
  readonly splitBrain: Overlap | null;
  /** When commits went on without the replica that they were to wait for; a text says why that could not be seen. */
  readonly degraded: readonly Alone[] | string;
  /** Acked writes that were begun after a lost one of the same server had been acked, and survived. */
  readonly beyondLoss: number;
  /** Acks in the last second before the cut, and how long before it the last one came: the resolution of a zero. */
  readonly atCut: { readonly lastSecond: number; readonly last: number | null } | null;
  readonly copies: readonly { readonly region: string; readonly checksum: string; readonly same: boolean }[];
}
