import type { Problem } from './errors.ts';
import { bindChecks, bindImpact, bindSteps } from './plan/bind-checks.ts';
import { bindFaults } from './plan/bind-faults.ts';
import { bindClient, bindProbes, leftOut, watchingOf } from './plan/bind-probes.ts';
import { digestsOf } from './plan/bind-scripts.ts';
import { refuse, type Binding, type Offer } from './plan/bind.ts';
import type { Catalogue, Plan } from './plan/bound.ts';
import { hashScenario, hashTopology } from './plan/hashes.ts';
import { endsWithin } from './plan/phases.ts';
import { spellOut } from './plan/spell-out.ts';
import { sketchScenario, type Scenario, type Sketch } from './scenario.ts';
import type { Chosen } from './scenario/set.ts';
import { sketchTopology } from './scenario/system-file.ts';
import { wrong } from './scenario/yaml-file.ts';
import type { Topology } from './topology.ts';

export type { BoundFault, Catalogue, Plan } from './plan/bound.ts';
export { explainPlan } from './plan/explain.ts';
export { hashOf } from './plan/hashes.ts';
export { planPhases, type PlannedPhase } from './plan/phases.ts';

/** Binds a scenario to what there is and to what a world offers. Throws one DrillError (`wrong`) with every problem that would make the drill fail halfway; nothing is started. */
export function makePlan(scenario: Scenario, catalogue: Catalogue, offer: Offer): Plan {
  return planSketch({ scenario, problems: [], mended: new Set() }, catalogue, offer);
}

/** Reads a scenario and plans it, so that the problems of the file and those of the plan are told in one go; settings chosen on the command line are laid over the file's. Rejects with one DrillError (`wrong`) that has all of them. */
export async function planFile(pathOrName: string, catalogue: Catalogue, offer: Offer, chosen: readonly Chosen[] = []): Promise<Plan> {
  const sketch = sketchScenario(pathOrName);
  return planSketch({ ...sketch, scenario: sketch.scenario && { ...sketch.scenario, chosen } }, catalogue, offer);
}

function planSketch({ scenario, problems, mended }: Sketch, catalogue: Catalogue, offer: Offer): Plan {
  if (!scenario) throw wrong(problems);
  const system = sketchTopology(scenario);
  if (!system.topology) throw wrong([...problems, ...system.problems]);
  const topology = offer.adapt?.(system.topology) ?? system.topology;
  const found: Problem[] = [...problems, ...system.problems, ...overruled(scenario, [system.topology, topology], offer)];
  const bound = bindAll({ scenario, topology, catalogue, offer, mended, problems: found });
  if (found.length > 0) throw wrong(found);
  return bound;
}

// What a person has just chosen is not silently something else.
function overruled({ chosen = [] }: Scenario, topologies: readonly [Topology, Topology], { name }: Offer): Problem[] {
  return chosen.flatMap(({ said, path }) => {
    const [meant, is] = topologies.map(({ settings }) => spellOut((settings as Record<string, Record<string, unknown>>)[path[0]]?.[path[1]]));
    return meant === is ? [] : [{ file: `--set ${said}`, message: `the ${name} world cannot choose ${path.join('.')}: there it is ${is}`, hint: 'leave this out, or choose another world with --on' }];
  });
}

function bindAll(binding: Binding): Plan {
  const { scenario, topology, offer } = binding;
  const against = offer.refuses?.(topology) ?? null;
  if (against !== null) refuse(binding, ['settings'], `the ${offer.name} world ${against}`, 'choose another world with --on, or another setting');
  const looking = bindProbes(binding);
  const watching = watchingOf(binding, looking);
  const plan = {
    scenario: scenario.name,
    title: scenario.title,
    predicts: scenario.predicts,
    repeat: scenario.repeat,
    world: offer.name,
    topology,
    set: (scenario.chosen ?? []).map(({ said }) => said),
    client: { probes: bindClient(binding, looking), resolver: scenario.client.resolver },
    stableMs: scenario.stableMs,
    baselineMs: scenario.baselineMs,
    gates: bindChecks(binding, 'before', watching),
    probes: looking.map((one) => one.probe),
    leftOut: leftOut(binding),
    says: Object.fromEntries(looking.map((one) => [one.probe.name, one.says])),
    faults: bindFaults(binding),
    then: bindSteps(binding),
    impact: bindImpact(binding),
    checks: bindChecks(binding, 'expect', watching),
    hashes: { scenario: hashScenario(scenario, digestsOf(looking.map((one) => one.probe))), settings: hashTopology(topology) },
  };
  return { ...plan, endsWithinMs: endsWithin(plan) };
}
