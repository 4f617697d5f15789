import { z } from 'zod';
import type { Problem } from '../errors.ts';
import { placeIn, problemsOf, type Owner } from './issues.ts';
import { suggest } from '../nearest.ts';
import { ms } from '../duration.ts';
import type { Scenario } from '../scenario.ts';
import { findSystem } from './find.ts';
import { resolverKinds, settingsSchema, type Settings, type Topology } from '../topology.ts';
import { settingsOf } from './set.ts';
import { readYaml, wrong, type Path, type YamlFile } from './yaml-file.ts';

const label = z.string().regex(/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/, { error: 'must be lower-case letters, digits and -, beginning with a letter, at most 32' });
const hostname = z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.){2,}[a-z0-9-]+$/, { error: 'must be a full name such as app.example.test' });

/** A file in `clusters/`: what stands where. `settings` is checked after the scenario's own are laid over it. */
const systemFormat = z.strictObject({
  regions: z.array(z.strictObject({ name: label, role: z.enum(['primary', 'standby']) })).min(2),
  names: z.strictObject({ service: hostname, database: hostname }),
  resolvers: z.array(z.strictObject({ name: label, kind: z.enum(resolverKinds), minTtl: ms().optional(), planted: z.boolean() })).min(1),
  authorities: z.int().min(1).max(8),
  settings: z.record(z.string(), z.unknown()),
});

/** The system that a scenario names, with the scenario's settings laid over the system's own, and what is wrong with either: to be used only where that is nothing. */
export function sketchTopology(scenario: Scenario): { readonly topology: Topology | null; readonly problems: readonly Problem[] } {
  const { path, names } = findSystem(scenario.system, scenario.path);
  if (path === null) {
    return { topology: null, problems: [{ file: scenario.yaml.file, line: scenario.yaml.lineOf(['system']), message: `there is no system "${scenario.system}"`, hint: suggest(scenario.system, names, 'systems are') }] };
  }
  const yaml = readYaml(path, 'system');
  const parsed = systemFormat.safeParse(yaml.value);
  const raw = layOver(layOver(mapOf(yaml.value['settings']), scenario.settings), settingsOf(scenario.chosen ?? []));
  const settings = settingsSchema.safeParse(raw);
  const problems = [
    ...(parsed.success ? systemProblems(parsed.data, yaml) : problemsOf(parsed.error.issues, systemFormat, yaml.value, yaml)),
    ...(settings.success ? settingsProblems(settings.data, parsed.success ? parsed.data.regions.map(({ name }) => name) : null, scenario, yaml) : settings.error.issues.flatMap((issue) => problemsOf([issue], settingsSchema, raw, ownerOf([...issue.path, ...('keys' in issue ? [issue.keys[0] ?? ''] : [])], scenario, yaml), ['settings']))),
  ];
  // Wrong settings do not keep anybody from being told what else is wrong: the plan is made with the system's own, or with none, and thrown away.
  const own = settings.success ? settings : settingsSchema.safeParse(yaml.value['settings']);
  return { topology: parsed.success ? topologyOf(scenario.system, parsed.data, own.success ? own.data : settingsSchema.parse({})) : null, problems };
}

/** The system that a scenario names, every setting resolved. Throws one DrillError (`wrong`) with every problem. */
export function resolveTopology(scenario: Scenario): Topology {
  const { topology, problems } = sketchTopology(scenario);
  if (!topology || problems.length > 0) throw wrong(problems);
  return topology;
}

function topologyOf(system: string, file: z.output<typeof systemFormat>, settings: Settings): Topology {
  return {
    system,
    regions: file.regions,
    places: ['outside', ...file.regions.map((region) => region.name)],
    names: file.names,
    resolvers: file.resolvers.map(({ minTtl, ...resolver }) => ({ ...resolver, ...(minTtl === undefined ? {} : { minTtlMs: minTtl }) })),
    authorities: Array.from({ length: file.authorities }, (_, index) => `authority-${index + 1}`),
    settings,
  };
}

function systemProblems(file: z.output<typeof systemFormat>, yaml: YamlFile): Problem[] {
  const problems: Problem[] = [];
  const refuse = (path: Path, message: string, hint: string) => { problems.push({ file: yaml.file, line: yaml.lineOf(path), message, hint }); };
  for (const role of ['primary', 'standby'] as const) {
    const count = file.regions.filter((region) => region.role === role).length;
    if (count !== 1) refuse(['regions'], `${count} regions are ${role}`, `exactly one region is ${role}`);
  }
  const taken = new Set(['outside', 'control']);
  file.regions.forEach(({ name }, index) => { if (taken.has(name)) refuse(['regions', index], `the name "${name}" is taken`, 'every region has a name of its own; "outside" and "control" are places already'); taken.add(name); });
  const servers = new Set(['own']);
  file.resolvers.forEach((resolver, index) => {
    if (servers.has(resolver.name) || /^authority-\d+$/.test(resolver.name)) refuse(['resolvers', index], `the name "${resolver.name}" is taken`, 'every resolver has a name of its own; "own" and "authority-..." are taken');
    servers.add(resolver.name);
    if ((resolver.kind === 'stretch') !== (resolver.minTtl !== undefined)) refuse(['resolvers', index], `resolver "${resolver.name}": minTtl belongs to a stretch resolver, and to no other`, 'write minTtl: 300s for kind: stretch, nothing for the others');
    if (resolver.kind === 'stretch' && !resolver.planted) refuse(['resolvers', index], `resolver "${resolver.name}" stretches TTLs on purpose and is not declared`, 'write planted: true, so that it never counts against an objective');
  });
  if (file.names.service === file.names.database) refuse(['names'], 'the service and the database have one name', 'give each a name of its own: they move for different reasons');
  return problems;
}

function settingsProblems(settings: Settings, regions: readonly string[] | null, scenario: Scenario, yaml: YamlFile): Problem[] {
  const refuse = (path: Path, message: string, hint: string): Problem => {
    return { ...placeIn(ownerOf(path, scenario, yaml), ['settings', ...path]), message, hint };
  };
  const { database, dns, failover: { witnesses } } = settings;
  const strangers = witnesses.flatMap(({ place }, index) => (regions && place !== 'outside' && !regions.includes(place) ? [[index, place] as const] : []));
  const twice = witnesses.flatMap(({ name }, index) => (witnesses.findIndex((one) => one.name === name) < index ? [[index, name] as const] : []));
  return [
    ...strangers.map(([index, place]) => refuse(['failover', 'witnesses', index, 'place'], `settings > failover > witnesses: there is no place "${place}"`, `places are: outside, ${regions?.join(', ')}`)),
    ...twice.map(([index, name]) => refuse(['failover', 'witnesses', index, 'name'], `settings > failover > witnesses: two are called ${name}`, 'each has a vote of its own, and a name of its own')),
    ...(database.heartbeat < database.netTimeout ? [] : [refuse(['database', 'heartbeat'], `settings > database > heartbeat: ${database.heartbeat} ms is not below netTimeout, ${database.netTimeout} ms`, 'a replica that hears a heartbeat more seldom than it gives up calls a healthy link broken: half of netTimeout is usual')]),
    ...(dns.interval > 0 ? [] : [refuse(['dns', 'interval'], 'settings > dns > interval: 0 is no interval', 'write 10s or 30s, as Route 53 does, or 1s to be fast')]),
    ...(settings.failover.observe > 0 ? [] : [refuse(['failover', 'observe'], 'settings > failover > observe: 0 is no interval', 'write 1s, or 250ms to be fast')]),
  ];
}

/** Where a setting comes from: the command line where it was chosen there, the scenario where it says so, else the system's file. */
function ownerOf(path: Path, scenario: Scenario, yaml: YamlFile): Owner {
  const chosen = scenario.chosen?.find((one) => one.path.every((step, index) => step === path[index]));
  if (chosen) return { file: `--set ${chosen.said}`, lineOf: () => undefined };
  let at: unknown = scenario.settings;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return at === scenario.settings || typeof at === 'object' ? yaml : scenario.yaml;
    at = (at as Record<PropertyKey, unknown>)[step];
  }
  return scenario.yaml;
}

function layOver(under: Readonly<Record<string, unknown>>, over: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) merged[key] = isMap(value) && isMap(merged[key]) ? layOver(merged[key], value) : value;
  return merged;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapOf(value: unknown): Record<string, unknown> {
  return isMap(value) ? value : {};
}
