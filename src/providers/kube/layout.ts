import type { Part, Place, Topology } from '../../topology.ts';
import type { Atlas } from '../../world.ts';
import { accounts } from './accounts.ts';

/** Where everything stands: one container network per run, clusters' nodes and the edge in it, and a range of pods per cluster behind its node. */
export interface Layout {
  /** First three bytes of the container network, `10.89.0`. */
  readonly net: string;
  readonly subnet: string;
  /** Where containers without an address of their own get one: clusters' nodes. */
  readonly dynamic: string;
  /** The host's own address in the network: the path by which a cluster's API is managed. No lever touches it. */
  readonly host: string;
  readonly services: string;
  readonly regions: readonly Region[];
  readonly authorities: readonly string[];
  readonly resolvers: readonly string[];
  readonly checkers: readonly string[];
  readonly gslb: string;
  readonly pilot: string;
  readonly agent: string;
  readonly control: string;
}

/** A region as it lies in the network. `database`: the address that its database has in every cluster. */
export interface Region { readonly name: Place; readonly pods: string; readonly database: string; readonly index: number }

/** `front`: the gateway where users come in. `clusterDns`: a node's door to its cluster's resolver. `app`, `database`: doors of operators and instruments, straight to the program. */
export const ports = { clusterDns: 5353, front: 30080, app: 9080, database: 3307, mesh: 3306, dns: 53, api: 6443, istiod: 8080, authorityControl: 8053, gslb: 8031, control: 8080 } as const;
/** What the edge must stay below, for addresses from here on are the nodes'. */
const edgeEnd = 126;

/** What the resolver of a region's cluster is called, before the region's name. */
const clusterPrefix = 'cluster-';

/** The topology with each cluster's own resolver as one more that is under test. Done twice, it is done once. */
export function withClusterResolvers(topology: Topology): Topology {
  const more = topology.regions.map(({ name }) => ({ name: `${clusterPrefix}${name}`, kind: 'strict' as const, planted: false }));
  return { ...topology, resolvers: [...edgeResolvers(topology), ...more] };
}

/** The resolvers that stand on the edge. */
export function edgeResolvers(topology: Topology): Topology['resolvers'] {
  return topology.resolvers.filter(({ name }) => !name.startsWith(clusterPrefix));
}

/** Lays a topology out in the network whose first three bytes are `net`. */
export function layOut(topology: Topology, net: string): Layout {
  const at = (last: number) => `${net}.${last}`;
  const several = (count: number, from: number) => Array.from({ length: count }, (_, index) => at(from + index));
  return {
    net, subnet: `${net}.0/24`, dynamic: `${net}.128/25`, host: at(1), services: '10.255.0.0/24',
    regions: topology.regions.map((region, index) => ({ name: region.name, index, pods: `10.${201 + index}.0.0/16`, database: `10.255.0.${201 + index}` })),
    authorities: several(topology.authorities.length, 11), resolvers: several(edgeResolvers(topology).length, 20),
    gslb: at(40), pilot: at(41), agent: at(42), checkers: several(topology.settings.dns.checkers, 60), control: at(edgeEnd),
  };
}

/** The region of that name. Throws where there is none. */
export function regionOf(layout: Layout, place: Place): Region {
  const found = layout.regions.find((region) => region.name === place);
  if (!found) throw new Error(`there is no region "${place}"`);
  return found;
}

/** How something that stands in a pod finds the other pods: databases and apps by the addresses of their pods, for a cut between parts is one between pods. */
export function betweenPods(atlas: Atlas, pods: Readonly<Record<Place, Readonly<Partial<Record<Part, readonly string[]>>>>>): Atlas {
  const parts: Record<string, string> = { ...atlas.parts };
  for (const [place, { app, database }] of Object.entries(pods)) {
    if (app?.[0] !== undefined) parts[`${place}/app`] = `${app[0]}:${ports.app}`;
    if (database?.[0] !== undefined) parts[`${place}/database`] = `${database[0]}:${ports.database}`;
  }
  return { ...atlas, parts, from: '0.0.0.0' };
}

/** Addresses of the edge by part. */
export function edgeParts(layout: Layout): Partial<Record<Part, readonly string[]>> {
  return { authorities: layout.authorities, resolver: layout.resolvers, checkers: [...layout.checkers, layout.gslb], pilot: [layout.pilot], clients: [layout.agent] };
}

/** How an agent finds the meshes' control programs, which stand behind their pods' addresses alone. */
export function withIstiods(atlas: Atlas, pods: Readonly<Record<Place, Readonly<Partial<Record<Part, readonly string[]>>>>>): Atlas {
  const found = Object.entries(pods).flatMap(([place, { istiod }]) => (istiod?.[0] === undefined ? [] : [[`${place}/istiod`, `${istiod[0]}:${ports.istiod}`] as const]));
  return { ...atlas, parts: { ...atlas.parts, ...Object.fromEntries(found) } };
}

/** How an agent in `place` finds what it is told to look at. `nodes`: the address of each region's node. */
export function atlasFor(layout: Layout, topology: Topology, place: Place, nodes: Readonly<Record<Place, string>>): Atlas {
  const parts: Record<string, string> = { control: `${layout.control}:${ports.control}` };
  for (const { name } of layout.regions) {
    parts[`${name}/app`] = `${nodes[name]}:${ports.app}`;
    parts[`${name}/database`] = `${nodes[name]}:${ports.database}`;
    parts[`${name}/resolver`] = `${nodes[name]}:${ports.clusterDns}`;
    parts[`${name}/gateway`] = `${nodes[name]}:${ports.front}`;
    parts[`${name}/api-server`] = `${nodes[name]}:${ports.api}`;
  }
  const nameservers: Record<string, string> = Object.fromEntries([
    ...layout.regions.map(({ name }) => [`${clusterPrefix}${name}`, `${nodes[name]}:${ports.clusterDns}`] as const),
    ...edgeResolvers(topology).map((resolver, index) => [resolver.name, `${layout.resolvers[index]}:${ports.dns}`] as const),
    ...topology.authorities.map((name, index) => [name, `${layout.authorities[index]}:${ports.dns}`] as const),
  ]);
  if (place !== 'outside') nameservers['own'] = `${nodes[place]}:${ports.clusterDns}`;
  const { user, password } = accounts.app;
  return { service: topology.names.service, servicePort: ports.front, parts, nameservers, from: place === 'outside' ? layout.agent : '0.0.0.0', database: { user, password, schema: accounts.schema } };
}
