import type { Outcome } from '../outcome.ts';
import type { LossRate } from '../series/summary.ts';
import type { Allowance } from './allow-list.ts';
import type { Change, Outlook } from './change.ts';
import type { Match } from './match.ts';

/** Two-sided, after Holm's correction over the primary measures. */
export const alpha = 0.05;

/** One side of a comparison: its runs of one kind, and those that were left out, with their reasons. */
export interface Side {
  readonly name: string;
  readonly runs: readonly string[];
  readonly leftOut: readonly { readonly id: string; readonly reason: string }[];
  readonly about: Pick<Outcome, 'scenario' | 'title' | 'world' | 'fingerprint' | 'label' | 'revision' | 'startedAt'> | null;
  readonly loss: LossRate | null;
}

/** A change with what it means. `adjusted`: its p-value after Holm's correction, of primary measures alone. */
export interface Judged extends Change { readonly outlook: Outlook; readonly adjusted: number | null; readonly because: string; readonly allowed: Allowance | null; readonly expired: Allowance | null }

/** What changed from A to B, and whether it means anything: `compare.json`. */
export interface Comparison {
  readonly schema: 1;
  readonly ruling: 'pass' | 'fail' | 'inconclusive' | 'no baseline';
  readonly because: string;
  readonly a: Side;
  readonly b: Side;
  readonly match: Match;
  readonly primary: readonly Judged[];
  /** Not corrected for their number: what they show is where to look next, not a finding. */
  readonly exploratory: readonly Judged[];
  /** The stage whose median changed most, the way the RTO did; null where the RTO's change means nothing. */
  readonly explained: { readonly stage: string; readonly delta: number } | null;
  readonly marginPct: number;
}
