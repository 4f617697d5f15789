import { bindWith, kindOf, mustBeOneOf, refuse, takes, type Binding } from './bind.ts';
import { checkReferences, type Watching } from './bind-references.ts';
import { bindScript } from './bind-scripts.ts';
import { sayDuration } from '../duration.ts';
import { sayPath } from '../scenario/issues.ts';
import type { Catalogue } from './bound.ts';
import type { WatchEntry } from '../scenario.ts';
import type { Kind } from '../seen.ts';
import type { BoundProbe, Sense } from '../world.ts';
import type { Path } from '../scenario/yaml-file.ts';

type ProbeKind = Catalogue['probes'][number];
/** A bound probe with the entry it stands for and what its looks say. */
export interface Looking { readonly entry: string; readonly says: Kind; readonly probe: BoundProbe }

/** The name of the probe that every run has: at the control point, which no lever can touch. Bad looks there mean that the instrument is at fault. */
export const controlName = 'control';
const controlEveryMs = 250;
/** An open loop keeps `timeout / every` looks in flight when nothing answers; more than this would measure the harness. */
export const mostInFlight = 2_000;
/** Looks of these kinds may still be under way when the next one starts: serve-stale answers after 1.8 s, and a semi-sync commit waits for 10 s. */
const mayOverlap: readonly Kind[] = ['dns', 'write', 'update'];
/** Kinds that look at what stands in their own place: outside there is nothing of the kind. */
const inRegionsOnly: readonly string[] = ['direct', 'copy', 'server'];

/** Every probe of the scenario, bound, an entry that stands for several expanded; and the control probe. */
export function bindProbes(binding: Binding): Looking[] {
  const { catalogue } = binding;
  const entries = entriesHere(binding);
  const writers = entries.filter((entry) => catalogue.probes.find((kind) => kind.kind === entry.probe)?.says === 'write').map((entry) => entry.name);
  const watching: Watching = { probes: entries.map((entry) => entry.name), writers: [...writers, ...mendedNames(binding)], servers: null };
  return [...entries.flatMap((entry) => bindEntry(binding, entry, watching)), ...controlProbe(binding)];
}

/** Names of the entries that the scenario does not watch with in this world. */
export function leftOut(binding: Binding): string[] {
  const here = entriesHere(binding);
  return binding.scenario.watch.filter((entry) => !here.includes(entry)).map((entry) => entry.name);
}

function entriesHere({ scenario, offer }: Binding): WatchEntry[] {
  return scenario.watch.filter(({ worlds }) => worlds === undefined || worlds.includes(offer.name));
}

/** Names of `watch` entries that are wrong in the file: they are not there, and yet nobody should be told so. */
function mendedNames(binding: Binding): string[] {
  return [...binding.mended].filter((path) => path.startsWith('watch > ')).map((path) => path.slice('watch > '.length));
}

function bindEntry(binding: Binding, entry: WatchEntry, watching: Watching): Looking[] {
  const path: Path = ['watch', entry.name];
  const kind = kindOf(binding, binding.catalogue.probes, entry.probe, 'probe', [...path, 'probe']);
  if (entry.name === controlName) refuse(binding, path, `the name "${controlName}" is taken by the probe that every run has`, 'choose another name');
  mustBeOneOf(binding, entry.from, binding.topology.places, 'place', [...path, 'from']);
  if (!kind) return [];
  checkSenses(binding, kind, entry.from, path);
  checkTimes(binding, entry, kind);
  const directly = inRegionsOnly.includes(kind.kind) || entry.with['direct'] === true;
  if (directly && entry.from === 'outside') refuse(binding, [...path, 'from'], `a ${kind.kind} probe looks at the database of its own place, and outside there is none`, `look from a region: ${binding.topology.regions.map((region) => region.name).join(', ')}`);
  if (entry.with['direct'] === true && entry.with['target'] !== undefined) refuse(binding, [...path, 'with', 'target'], 'direct: true writes into the database of the probe\'s own region, and target names another', 'leave one of the two out');
  const params = bindWith(binding, path, kind.params, withDefaults(binding, kind, entry));
  if (!params) return [];
  const found = binding.problems.length;
  checkReferences(binding, path, params, watching);
  if (binding.problems.length > found) return [];
  const script = kind.program && bindScript(binding, entry, kind.program(params));
  if (kind.program && !script) return [];
  const expanded = kind.expand ? kind.expand(params, binding.topology) : [{ suffix: '', params: script ? { ...params, digest: script.digest } : params }];
  return expanded.map((one) => ({
    entry: entry.name, says: kind.says,
    probe: { name: `${entry.name}${one.suffix}`, kind: kind.kind, place: entry.from, everyMs: entry.everyMs, timeoutMs: entry.timeoutMs, params: one.params as Readonly<Record<string, unknown>>, ...(script ? { script: script.text } : {}) },
  }));
}

/** What a look needs and the scenario leaves open, written out so that the plan can print it: the reference client's resolver, and the app of the probe's own region. */
function withDefaults(binding: Binding, kind: ProbeKind, entry: WatchEntry): Record<string, unknown> {
  const raw: Record<string, unknown> = { ...entry.with };
  if (takes(kind.params, 'resolver')) raw['resolver'] ??= binding.scenario.client.resolver;
  const inRegion = binding.topology.regions.some((region) => region.name === entry.from);
  if (raw['direct'] === true) return raw;
  if (takes(kind.params, 'target') && inRegion && kind.says !== 'http') raw['target'] ??= { place: entry.from, part: 'app' };
  if (takes(kind.params, 'target')) raw['target'] ??= 'service';
  return raw;
}

function checkSenses(binding: Binding, kind: ProbeKind, from: string, path: Path): void {
  const missing = kind.needs.filter((sense: Sense) => !binding.offer.senses.has(sense));
  const outsideOnly = from === 'outside' ? [] : kind.needs.filter((sense: Sense) => binding.offer.outsideOnly?.has(sense));
  if (outsideOnly.length > 0) refuse(binding, [...path, 'from'], `the ${binding.offer.name} world cannot ${outsideOnly.join(', ')} from a region, which a ${kind.kind} probe needs`, 'look from outside');
  if (missing.length > 0) refuse(binding, [...path, 'probe'], `the ${binding.offer.name} world cannot ${missing.join(', ')}, which a ${kind.kind} probe needs; it can ${[...binding.offer.senses].join(', ') || 'nothing'}`, 'leave the probe out (worlds: names those that it is for), or choose another world with --on');
}

function checkTimes(binding: Binding, entry: WatchEntry, kind: ProbeKind): void {
  if (binding.mended.has(sayPath(['watch', entry.name]))) return;
  if (!mayOverlap.includes(kind.says) && !kind.program && entry.timeoutMs > entry.everyMs) {
    refuse(binding, ['watch', entry.name, 'timeout'], `watch > ${entry.name} > timeout: ${sayDuration(entry.timeoutMs)} is longer than every, ${sayDuration(entry.everyMs)}`, `looks of a ${kind.kind} probe must not overlap: a late answer would count for an outage that it slept through; write timeout: ${sayDuration(entry.everyMs)} or less`);
  } else if (entry.timeoutMs / entry.everyMs > mostInFlight) {
    refuse(binding, ['watch', entry.name, 'timeout'], `watch > ${entry.name}: ${Math.ceil(entry.timeoutMs / entry.everyMs)} looks would be under way at once when nothing answers`, `at most ${mostInFlight} are measured honestly: look less often, or give up sooner`);
  }
}

function controlProbe(binding: Binding): Looking[] {
  const kind = binding.catalogue.probes.find((one) => one.kind === 'http');
  if (!kind) throw new Error('the catalogue has no http probe, and no run is valid without one at the control point');
  const params = kind.params.parse({ path: '/health', target: 'control' }) as Readonly<Record<string, unknown>>;
  return [{ entry: controlName, says: kind.says, probe: { name: controlName, kind: 'http', place: 'outside', everyMs: controlEveryMs, timeoutMs: controlEveryMs, params } }];
}

/** The probes that make the reference client: those it names, or the one http probe and the one ledger that stand where it stands and go its way. */
export function bindClient(binding: Binding, looking: readonly Looking[]): string[] {
  const { client } = binding.scenario;
  if (binding.mended.has('client')) return [];
  const there = [
    mustBeOneOf(binding, client.at, binding.topology.places, 'place', ['client', 'at']),
    mustBeOneOf(binding, client.resolver, binding.topology.resolvers.map((resolver) => resolver.name), 'resolver', ['client', 'resolver']),
  ].every(Boolean);
  if (client.probes) {
    const known = [...looking.map((one) => one.probe.name), ...unboundNames(binding, looking)];
    client.probes.forEach((name, index) => {
      const there = mustBeOneOf(binding, name, known, 'watched probe', ['client', 'probes', index]);
      if (there && looking.some(({ probe }) => probe.name === name && probe.script !== undefined)) refuse(binding, ['client', 'probes', index], `"${name}" cannot be the reference client: a request of its program is known of only when it is over`, 'name an http probe, and read this one beside it');
    });
    return [...client.probes];
  }
  if (!there || unboundNames(binding, looking).length > 0) return [];
  const here = looking.filter((one) => one.probe.name !== controlName && one.probe.script === undefined && one.probe.place === client.at && one.probe.params['target'] === 'service' && one.probe.params['resolver'] === client.resolver);
  const pages = here.filter((one) => one.says === 'http' && one.probe.params['connections'] === client.connections && one.probe.params['cache'] === undefined).map((one) => one.probe.name);
  const ledgers = here.filter((one) => one.says === 'write').map((one) => one.probe.name);
  const names = (all: readonly string[]) => all.map((name) => `"${name}"`).join(', ');
  if (pages.length === 0) refuse(binding, ['client'], `no http probe is the reference client: at ${client.at}, resolver ${client.resolver}, ${client.connections} connections, aimed at the service`, 'add one to watch, or name the client\'s probes: client: { ..., probes: [front door, writer] }');
  if (pages.length > 1) refuse(binding, ['client'], `several http probes could be the reference client: ${names(pages)}`, 'name the ones that are: client: { ..., probes: [...] }');
  if (ledgers.length > 1) refuse(binding, ['client'], `several ledgers could be the reference client's: ${names(ledgers)}`, 'name the ones that are: client: { ..., probes: [...] }');
  return [...pages, ...ledgers];
}

/** What checks may refer to: probes, entries that stand for several of them, and those that are wrong in the file already. */
export function watchingOf(binding: Binding, looking: readonly Looking[]): Watching {
  const unbound = unboundNames(binding, looking);
  const asked = looking.filter((one) => one.says === 'dns').flatMap((one) => one.probe.params['servers'] ?? []);
  return {
    probes: [...new Set(looking.flatMap((one) => [one.entry, one.probe.name])), ...unbound],
    writers: [...looking.filter((one) => one.says === 'write').map((one) => one.probe.name), ...unbound],
    servers: unbound.length > 0 ? null : asked.filter((one) => typeof one === 'string'),
  };
}

/** Entries that are not bound because they are wrong: whoever refers to them has made no mistake. */
function unboundNames(binding: Binding, looking: readonly Looking[]): string[] {
  return [...new Set([...mendedNames(binding), ...entriesHere(binding).map((entry) => entry.name).filter((name) => !looking.some((one) => one.entry === name))])];
}
