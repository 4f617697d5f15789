import type { BoundCheck, Check } from '../check.ts';
import type { Fault } from '../fault.ts';
import type { Probe } from '../probe.ts';
import type { Kind } from '../seen.ts';
import type { Step } from '../scenario/format.ts';
import type { Place, Topology } from '../topology.ts';
import type { BoundProbe } from '../world.ts';

/** Every kind of fault, probe and check there is: one literal list, in catalogue.ts. */
export interface Catalogue {
  readonly faults: readonly Fault<any, any>[];
  readonly probes: readonly Probe<any, any, any, any>[];
  readonly checks: readonly Check<any>[];
}

/** A fault of a scenario, bound and checked. `until`: `recovered`, or ms after its own start. */
export interface BoundFault {
  readonly name: string;
  readonly fault: Catalogue['faults'][number];
  readonly params: unknown;
  readonly place: Place | null;
  readonly atMs: number;
  readonly until: 'recovered' | number;
  readonly atMostMs: number;
}

/** What will be done, bound to a catalogue and a provider, with nothing left open. Nothing has been started yet. */
export interface Plan {
  readonly scenario: string;
  readonly title: string;
  /** What the scenario's author expects to see, in words. */
  readonly predicts: string;
  /** How many runs the scenario asks for. */
  readonly repeat?: number;
  readonly world: string;
  readonly topology: Topology;
  /** Settings that were chosen on the command line, as they were said there: `database.engine=mysql`. They are in `topology`, too. */
  readonly set: readonly string[];
  readonly client: { readonly probes: readonly string[]; readonly resolver: string };
  readonly stableMs: number;
  readonly baselineMs: number;
  readonly gates: readonly BoundCheck[];
  readonly probes: readonly BoundProbe[];
  /** Entries of `watch` that are not for this world. */
  readonly leftOut: readonly string[];
  /** What each probe's looks say, by its name. */
  readonly says: Readonly<Record<string, Kind>>;
  readonly faults: readonly BoundFault[];
  readonly then: readonly Step[];
  readonly impact: string | null;
  readonly checks: readonly BoundCheck[];
  /** The longest the whole may take: every end on the far side lies before it. */
  readonly endsWithinMs: number;
  /** What the fingerprint is made from, with `versions` and `machine` of the world. */
  readonly hashes: { readonly scenario: string; readonly settings: string };
}
