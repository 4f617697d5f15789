import { mustBeOneOf, refuse, type Binding } from './bind.ts';
import type { Path } from '../scenario/yaml-file.ts';

type Params = Readonly<Record<string, unknown>>;

/** What `with` may refer to by name: the probes that are watched, and those of them that write. */
export interface Watching { readonly probes: readonly string[]; readonly writers: readonly string[]; readonly servers: readonly string[] | null }

/**
 * Looks up what the `with` of any kind refers to by these keys, and notes what is not there:
 * region, resolver, server(s), target {place, part}, probe(s), writer, critical (resolvers that a dns probe asks).
 */
export function checkReferences(binding: Binding, entry: Path, params: Params, watching: Watching): void {
  const { topology } = binding;
  const regions = topology.regions.map((region) => region.name);
  const resolvers = topology.resolvers.map((resolver) => resolver.name);
  const known: Readonly<Record<string, readonly [noun: string, names: readonly string[]]>> = {
    region: ['region', regions],
    resolver: ['resolver', resolvers],
    servers: ['resolver or authority', [...resolvers, ...topology.authorities]],
    server: ['resolver or authority', [...resolvers, ...topology.authorities]],
    probe: ['watched probe', watching.probes],
    probes: ['watched probe', watching.probes],
    writer: ['watched ledger', watching.writers],
    critical: ['resolver', resolvers],
  };
  for (const [key, [noun, names]] of Object.entries(known)) {
    const value = Object.hasOwn(params, key) ? params[key] : undefined;
    const given = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
    given.forEach((name, index) => {
      if ((key === 'servers' && value === 'all') || (key === 'resolver' && value === 'each' && entry[0] === 'watch')) return;
      const path = [...entry, 'with', key, ...(Array.isArray(value) ? [index] : [])];
      const there = mustBeOneOf(binding, name, names, noun, path);
      if (there && key === 'critical' && watching.servers && !watching.servers.includes(name)) refuse(binding, path, `no dns probe asks "${name}"`, `add it to the servers of a dns probe in watch; asked are: ${watching.servers.join(', ') || 'none'}`);
    });
  }
  const target = Object.hasOwn(params, 'target') ? params['target'] : undefined;
  if (typeof target === 'object' && target !== null && 'place' in target) checkTarget(binding, [...entry, 'with', 'target'], target as { place: string; part: string }, regions);
}

/** A part that answers looks stands in a region: outside there is only what can be named otherwise. */
function checkTarget(binding: Binding, path: Path, target: { readonly place: string; readonly part: string }, regions: readonly string[]): void {
  if (!mustBeOneOf(binding, target.place, regions, 'region', [...path, 'place'])) return;
  if (target.part !== 'app') refuse(binding, [...path, 'part'], `${target.place}/${target.part} answers no HTTP`, 'aim at the app of a region, at service, or at control');
}
