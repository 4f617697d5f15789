import type { Run } from '../history.ts';
import type { Plan } from '../plan.ts';
import type { World } from '../world.ts';

/** What a run was, from its plan and its world: `run.json`. */
export function describeRun(plan: Plan, world: World, about: Pick<Run, 'id' | 'startedAt' | 'fingerprint' | 'series' | 'label' | 'revision'>): Run {
  return {
    schema: 1, id: about.id, scenario: plan.scenario, title: plan.title, predicts: plan.predicts, world: plan.world, startedAt: about.startedAt, topology: plan.topology, client: plan.client, stableMs: plan.stableMs, impact: plan.impact,
    probes: plan.probes.map(({ name, kind, place, everyMs, timeoutMs, params }) => ({ name, kind, says: plan.says[name] ?? 'http', place, everyMs, timeoutMs, params })),
    faults: plan.faults.map(({ name, fault, place, atMostMs, params }) => ({ name, kind: fault.kind, place, part: null, atMostMs, params: params as Record<string, unknown> })),
    then: plan.then, addresses: Object.fromEntries(plan.topology.regions.map((region) => [region.name, world.addressOf(region.name)])), fingerprint: about.fingerprint,
    checks: plan.checks.map(({ name, check, objective }) => ({ name, kind: check.kind, objective })), gates: plan.gates.map(({ name, check, objective }) => ({ name, kind: check.kind, objective })),
    ...(plan.set.length === 0 ? {} : { set: plan.set }), ...(about.series ? { series: about.series } : {}), ...(about.label === undefined ? {} : { label: about.label }), ...(about.revision === undefined ? {} : { revision: about.revision }),
  };
}
