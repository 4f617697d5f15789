import { sayDuration } from '../duration.ts';
import { sayBitten, sayLook } from '../fault.ts';
import type { BoundCheck } from '../check.ts';
import { planPhases } from './phases.ts';
import type { BoundFault, Plan } from './bound.ts';
import { spellLines, spellOut } from './spell-out.ts';
import { settingsSchema, type Topology } from '../topology.ts';

/** A plan for people, everything resolved: what stands where, every setting, probe, fault with the looks that will prove it, gate and check, and the phases with their planned times. */
export function explainPlan(plan: Plan): string {
  return [
    `${plan.title} (${plan.scenario}, on the ${plan.world} world)`,
    ...(plan.predicts === '' ? [] : ['', 'predicted', ...plan.predicts.split('\n').map(indent)]),
    ...block('system', sayTopology(plan.topology)),
    ...block('settings', [...plan.set.map((said) => `chosen on the command line: ${said}`), ...spellLines(plan.topology.settings, settingsSchema)]),
    ...block('reference client', [`probes: ${plan.client.probes.join(', ')}`, `resolver: ${plan.client.resolver}`, `recovered when all of them are good for ${sayDuration(plan.stableMs)} in a row`]),
    ...block('watch', [...table(plan.probes.map((probe) => [probe.name, probe.kind, `from ${probe.place}`, `every ${sayDuration(probe.everyMs)}`, `timeout ${sayDuration(probe.timeoutMs)}`, spellOut(probe.params)])), ...plan.leftOut.map((name) => `${name}: left out, for the scenario does not watch with it in the ${plan.world} world`)]),
    ...block('before: if one of these does not hold, nothing is broken', plan.gates.map(sayCheck)),
    ...block('break', plan.faults.length === 0 ? ['nothing'] : plan.faults.flatMap((fault) => sayFault(fault, plan))),
    ...block('then', [plan.then.length === 0 ? 'nothing' : plan.then.join(', ')]),
    ...block('expect', [`impact: ${plan.impact ?? 'none: nobody is expected to notice'}`, ...plan.checks.map(sayCheck)]),
    ...block('phases', sayPhases(plan)),
    ...((plan.repeat ?? 1) > 1 ? block('series', [`${plan.repeat} runs, each break at another random phase`]) : []),
    ...block('fingerprint', [`scenario ${plan.hashes.scenario}, settings ${plan.hashes.settings}`]),
    '',
  ].join('\n');
}

function sayTopology(topology: Topology): string[] {
  return [
    `${topology.system}: ${topology.regions.map((region) => `${region.name} (${region.role})`).join(', ')}, and outside`,
    `service ${topology.names.service}, database ${topology.names.database}`,
    `authorities: ${topology.authorities.join(', ')}`,
    ...topology.resolvers.map((resolver) => `resolver ${resolver.name}: ${resolver.kind}${resolver.minTtlMs === undefined ? '' : `, keeps every answer for ${sayDuration(resolver.minTtlMs)}`}${resolver.planted ? ' (planted: must be found, never counts)' : ''}`),
  ];
}

function sayCheck({ name, check, objective }: BoundCheck): string {
  const said = spellOut(objective, check.objective);
  return `${name}: ${check.kind} ${said === '{}' ? '(measured, not judged)' : said}`;
}

function sayFault(bound: BoundFault, plan: Plan): string[] {
  const { name, fault, params, atMs, until, atMostMs } = bound;
  const looks = fault.proof(params, plan.topology).map((proof) => [`  ${sayLook(proof)}`, `must turn ${'server' in proof ? '' : 'from ok '}to ${sayBitten(proof)}`]);
  return [
    `${name}: ${fault.kind} ${spellOut(params, fault.params)}, ${sayDuration(atMs)} into the break, until ${until === 'recovered' ? `recovered, at most ${sayDuration(atMostMs)}` : `${sayDuration(until)} later`}`,
    `  takes hold of ${fault.touches(params, plan.topology).join(', ')}`,
    '  proven when, each by an independent look,',
    ...table(looks).map(indent),
  ];
}

function sayPhases(plan: Plan): string[] {
  const phases = planPhases(plan);
  const least = phases.reduce((sum, phase) => sum + phase.leastMs, 0);
  const seconds = (valueMs: number) => `${Math.round(valueMs / 100) / 10} s`;
  return [
    ...table(phases.map(({ phase, leastMs, mostMs }) => [phase, leastMs === mostMs ? seconds(leastMs) : `${seconds(leastMs)} or more, at most ${seconds(mostMs)}`])),
    `planned: ${seconds(least)} at least; whatever happens, all is over after ${seconds(plan.endsWithinMs)}`,
  ];
}

function block(head: string, lines: readonly string[]): string[] {
  return ['', head, ...(lines.length === 0 ? ['none'] : lines).map(indent)];
}

function indent(line: string): string {
  return `  ${line}`;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, column) => Math.max(all[column] ?? 0, cell.length)), []);
  return rows.map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '));
}
