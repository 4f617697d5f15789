import type { ZodType } from 'zod';
import type { History } from './history.ts';

export type Ruling = 'pass' | 'fail' | 'inconclusive';

/** A number with its bounds. `value` null: could not be measured, `reason` says why. `censored`: the limit of observation was hit, the true value is at least `value`. */
export interface Measure {
  readonly name: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly unit: 's' | 'writes' | 'resolvers' | 'requests' | 'a second' | 'count' | '%';
  readonly censored: boolean;
  readonly n: number;
  readonly reason?: string;
}

/** What one check found. `measured`: there was no objective to judge by. `because` is one sentence for a person. `check` is stable and holds no numbers. */
export interface Finding {
  readonly check: string;
  readonly kind: string;
  readonly ruling: Ruling | 'measured';
  readonly because: string;
  readonly measures: readonly Measure[];
  /** What reporters may draw: kind-specific, plain JSON; see each check's `Details`. */
  readonly details?: unknown;
}

/** A way to judge: pure and synchronous, from the history alone. */
export interface Check<O = unknown> {
  readonly kind: string;
  readonly about: string;
  /** Names of the measures it can give, fixed for those who compare runs. */
  readonly measures: readonly string[];
  readonly objective: ZodType<O>;
  judge(history: History, objective: O): Omit<Finding, 'check' | 'kind'>;
}

/** A check of a scenario, bound to its objective. Plain JSON but for `check`. */
export interface BoundCheck { readonly name: string; readonly check: Check; readonly objective: unknown }

export interface Verdict { readonly ruling: Ruling; readonly because: string; readonly findings: readonly Finding[] }
