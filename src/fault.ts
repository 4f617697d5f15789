import type { ZodType } from 'zod';
import type { Lever, Levers, Pull, Undo } from './world.ts';
import type { Reach, Target } from './seen.ts';
import type { Part, Place, Topology } from './topology.ts';

/**
 * A connection that shows whether a fault bites: it must be `ok` before the pull, `bitten` after it, and `ok` again once healed. `as`: it leaves from this part's
 * address in `from`, not from where probes look from. `looks`: so many connections, of which one that is bitten shows the bite and all must be ok else; for what hits some only.
 */
export interface ReachProof { readonly from: Place; readonly as?: Part; readonly to: Target; readonly bitten: readonly Reach[]; readonly looks?: number }

/** A question to an authority for the service's name that shows it: its answer must be another than `bitten` before, and again once healed. A region stands for its address. */
export interface AnswerProof { readonly from: Place; readonly server: string; readonly bitten: 'empty' | { readonly region: Place } }

/** One independent look that shows whether a fault bites. */
export type Proof = ReachProof | AnswerProof;

/** A way to break something, made of levers; `N` are the levers it uses, and no others compile. */
export interface Fault<P = unknown, N extends Lever = Lever> {
  readonly kind: string;
  /** What a reader of `regionfall list` is told, in a sentence. */
  readonly about: string;
  readonly params: ZodType<P>;
  /** Levers for these params: a plan whose world lacks one is refused before anything starts. */
  readonly needs: readonly N[] | ((params: P) => readonly N[]);
  /** What will be pulled, in words: a plan whose world has the lever and cannot make the pull is refused before anything starts. */
  pulls?(params: P, topology: Topology): readonly Pull[];
  /** What it takes hold of, so that two faults never fight over one thing. */
  touches(params: P, topology: Topology): readonly string[];
  /** Pulls; the pull ends by itself after `forMs`. Several pulls undo as one, last in first out. */
  inject(levers: Pick<Levers, N>, params: P, topology: Topology, forMs: number): Promise<Undo[]>;
  /** How to see from outside that it bites, all of it. */
  proof(params: P, topology: Topology): readonly Proof[];
}

/** One look in words: `us-west-2/database -> ap-northeast-2/database`, or `outside asks authority-1`. */
export function sayLook(proof: Proof): string {
  if ('server' in proof) return `${proof.from} asks ${proof.server}`;
  const { from, as, to } = proof;
  const target = typeof to === 'string' ? to : `${to.place}/${to.only ?? to.part}`;
  return `${as === undefined ? from : `${from}/${as}`} -> ${target}`;
}

/** What a look must find once the fault bites, in words. */
export function sayBitten(proof: Proof): string {
  if ('server' in proof) return proof.bitten === 'empty' ? 'empty' : proof.bitten.region;
  return `${proof.bitten.join(' or ')}${proof.looks === undefined ? '' : ` at least once in ${proof.looks}`}`;
}
