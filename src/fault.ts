import type { ZodType } from 'zod';
import type { Lever, Levers, Undo } from './world.ts';
import type { Reach, Target } from './seen.ts';
import type { Part, Place, Topology } from './topology.ts';

/** One independent look that shows whether a fault bites: it must be `ok` before the pull, `bitten` after it, and `ok` again once healed. `as`: the look leaves from this part's address in `from`, not from where probes look from. */
export interface Proof { readonly from: Place; readonly as?: Part; readonly to: Target; readonly bitten: readonly Reach[] }

/** A way to break something, made of levers; `N` are the levers it uses, and no others compile. */
export interface Fault<P = unknown, N extends Lever = Lever> {
  readonly kind: string;
  /** What a reader of `regionfall list` is told, in a sentence. */
  readonly about: string;
  readonly params: ZodType<P>;
  /** Levers for these params: a plan whose world lacks one is refused before anything starts. */
  readonly needs: readonly N[] | ((params: P) => readonly N[]);
  /** What it takes hold of, so that two faults never fight over one thing. */
  touches(params: P, topology: Topology): readonly string[];
  /** Pulls; the pull ends by itself after `forMs`. Several pulls undo as one, last in first out. */
  inject(levers: Pick<Levers, N>, params: P, topology: Topology, forMs: number): Promise<Undo[]>;
  /** How to see from outside that it bites, all of it. */
  proof(params: P, topology: Topology): readonly Proof[];
}
