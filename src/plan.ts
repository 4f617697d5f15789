import type { Offer, Binding } from './bind.ts';
import { bindChecks, bindImpact, bindSteps } from './bind-checks.ts';
import { bindFaults } from './bind-faults.ts';
import { bindClient, bindProbes, watchingOf } from './bind-probes.ts';
import type { BoundCheck, Check } from './check.ts';
import type { Problem } from './errors.ts';
import type { Fault } from './fault.ts';
import { hashScenario, hashTopology } from './fingerprint.ts';
import { endsWithin } from './phases.ts';
import type { Probe } from './probe.ts';
import { sketchScenario, type Scenario, type Sketch } from './scenario.ts';
import type { Kind } from './seen.ts';
import { sketchTopology } from './system-file.ts';
import type { Place, Topology } from './topology.ts';
import type { BoundProbe } from './world.ts';
import { wrong } from './yaml-file.ts';

/** Every kind of fault, probe and check there is: one literal list, in catalogue.ts. */
export interface Catalogue {
  readonly faults: readonly Fault<any, any>[];
  readonly probes: readonly Probe<any, any, any>[];
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
  readonly world: string;
  readonly topology: Topology;
  readonly client: { readonly probes: readonly string[]; readonly resolver: string };
  readonly stableMs: number;
  readonly baselineMs: number;
  readonly gates: readonly BoundCheck[];
  readonly probes: readonly BoundProbe[];
  /** What each probe's looks say, by its name. */
  readonly says: Readonly<Record<string, Kind>>;
  readonly faults: readonly BoundFault[];
  readonly then: readonly ('heal' | 'rejoin' | 'fail back')[];
  readonly impact: string | null;
  readonly checks: readonly BoundCheck[];
  /** The longest the whole may take: every end on the far side lies before it. */
  readonly endsWithinMs: number;
  /** What the fingerprint is made from, with `versions` and `machine` of the world. */
  readonly hashes: { readonly scenario: string; readonly settings: string };
}

/** Binds a scenario to what there is and to what a world offers. Throws one DrillError (`wrong`) with every problem that would make the drill fail halfway; nothing is started. */
export function makePlan(scenario: Scenario, catalogue: Catalogue, offer: Offer): Plan {
  return planSketch({ scenario, problems: [], mended: new Set() }, catalogue, offer);
}

/** Reads a scenario and plans it, so that the problems of the file and those of the plan are told in one go. Throws one DrillError (`wrong`) with all of them. */
export function planFile(pathOrName: string, catalogue: Catalogue, offer: Offer): Plan {
  return planSketch(sketchScenario(pathOrName), catalogue, offer);
}

function planSketch({ scenario, problems, mended }: Sketch, catalogue: Catalogue, offer: Offer): Plan {
  if (!scenario) throw wrong(problems);
  const system = sketchTopology(scenario);
  if (!system.topology) throw wrong([...problems, ...system.problems]);
  const found: Problem[] = [...problems, ...system.problems];
  const bound = bindAll({ scenario, topology: system.topology, catalogue, offer, mended, problems: found });
  if (found.length > 0) throw wrong(found);
  return bound;
}

function bindAll(binding: Binding): Plan {
  const { scenario, topology, offer } = binding;
  const looking = bindProbes(binding);
  const watching = watchingOf(binding, looking);
  const plan = {
    scenario: scenario.name,
    title: scenario.title,
    predicts: scenario.predicts,
    world: offer.name,
    topology,
    client: { probes: bindClient(binding, looking), resolver: scenario.client.resolver },
    stableMs: scenario.stableMs,
    baselineMs: scenario.baselineMs,
    gates: bindChecks(binding, 'before', watching),
    probes: looking.map((one) => one.probe),
    says: Object.fromEntries(looking.map((one) => [one.probe.name, one.says])),
    faults: bindFaults(binding),
    then: bindSteps(binding),
    impact: bindImpact(binding),
    checks: bindChecks(binding, 'expect', watching),
    hashes: { scenario: hashScenario(scenario), settings: hashTopology(topology) },
  };
  return { ...plan, endsWithinMs: endsWithin(plan) };
}
