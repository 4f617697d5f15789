import type { Part, Place, Topology } from '../../topology.ts';
import type { Atlas, Side } from '../../world.ts';

/** Where everything stands: each place is a /24 of its own behind the router, each part an address in it. */
export interface Addresses {
  readonly places: readonly Ground[];
  /** `host:port` by name of resolver or authority. */
  readonly nameservers: Readonly<Record<string, string>>;
  readonly control: string;
}

/** One place: its network namespace, its /24 and the addresses of its parts. `router` is its default gateway. */
export interface Ground {
  readonly place: Place;
  readonly netns: string;
  readonly prefix: string;
  readonly router: string;
  readonly agent: string;
  readonly parts: Readonly<Partial<Record<Part, readonly string[]>>>;
}

export const ports = { app: 8080, database: 3306, dns: 53, authorityControl: 8053, gslb: 8031, control: 8080, witness: 8090 } as const;
/** Where the pilot takes requests, inside the world: a socket, because an operator's console must not depend on the network under test. */
export const pilotSocket = '/run/pilot.sock';
/** The place of the control point: behind the router like everything, named by no lever. */
export const controlPlace = 'control';

const network = '10.77';

/** Lays the places of a topology out. Regions are .1, .2, ...; the outside is .10, the control point .20. */
export function layOut(topology: Topology): Addresses {
  const regions = topology.regions.map((region, index) => groundOfRegion(topology, region.name, index + 1));
  const outside = groundOfOutside(topology);
  const control: Ground = { place: controlPlace, netns: controlPlace, prefix: `${network}.20.0/24`, router: `${network}.20.1`, agent: `${network}.20.10`, parts: {} };
  const nameservers = Object.fromEntries([
    ...topology.resolvers.map((resolver, index) => [resolver.name, `${at(outside, 'resolver', index)}:${ports.dns}`] as const),
    ...topology.authorities.map((name, index) => [name, `${at(outside, 'authorities', index)}:${ports.dns}`] as const),
  ]);
  return { places: [...regions, outside, control], nameservers, control: `${control.agent}:${ports.control}` };
}

function groundOfRegion(topology: Topology, place: Place, index: number): Ground {
  const net = `${network}.${index}`;
  return {
    place, netns: place, prefix: `${net}.0/24`, router: `${net}.1`, agent: `${net}.100`,
    parts: { app: [`${net}.10`], database: [`${net}.20`], resolver: [`${net}.53`], clients: [`${net}.100`], ...witnessesIn(topology, place, net) },
  };
}

function groundOfOutside(topology: Topology): Ground {
  const net = `${network}.10`;
  const several = (count: number, from: number) => Array.from({ length: count }, (_, index) => `${net}.${from + index}`);
  return {
    place: 'outside', netns: 'outside', prefix: `${net}.0/24`, router: `${net}.1`, agent: `${net}.200`,
    parts: {
      authorities: several(topology.authorities.length, 11), pilot: [`${net}.30`], resolver: several(topology.resolvers.length, 50),
      checkers: [...several(topology.settings.dns.checkers, 101), `${net}.31`], clients: [`${net}.200`], ...witnessesIn(topology, 'outside', net),
    },
  };
}

/** The witnesses that stand in a place, in the order of the settings. */
export function witnessesOf({ settings }: Topology, place: Place): readonly string[] {
  return settings.failover.witnesses.filter((one) => one.place === place).map(({ name }) => name);
}

function witnessesIn(topology: Topology, place: Place, net: string): Ground['parts'] {
  const names = witnessesOf(topology, place);
  return names.length === 0 ? {} : { witness: names.map((_, index) => `${net}.${33 + index}`) };
}

/** The address of one part; `index` where a place has several. Throws for a part that the place does not have. */
export function at(ground: Ground, part: Part, index = 0): string {
  const found = ground.parts[part]?.[index];
  if (found === undefined) throw new Error(`${ground.place} has no ${part}`);
  return found;
}

/** The ground of a place. Throws for a place that is not there. */
export function groundOf(addresses: Addresses, place: Place): Ground {
  const found = addresses.places.find((ground) => ground.place === place);
  if (!found) throw new Error(`there is no place "${place}"`);
  return found;
}

/** What a side of a cut means as networks; `rest` is every place but the other side's and the agents' pipes, which are no network at all. */
export function networksOf(addresses: Addresses, side: Side, other: Side): readonly string[] {
  if (side === 'rest') {
    if (other === 'rest') throw new Error('a cut between rest and rest cuts nothing');
    return addresses.places.filter((ground) => ground.place !== other.place).map((ground) => ground.prefix);
  }
  const ground = groundOf(addresses, side.place);
  if (side.part === undefined) return [ground.prefix];
  if (side.only !== undefined) return [`${addresses.nameservers[side.only]?.split(':')[0] ?? ''}/32`];
  return (ground.parts[side.part] ?? []).map((address) => `${address}/32`);
}

/** How an agent in `place` finds what it is told to look at. */
export function atlasFor(addresses: Addresses, topology: Topology, place: Place, database: Atlas['database']): Atlas {
  const parts: Record<string, string> = { control: addresses.control };
  for (const region of topology.regions) {
    const ground = groundOf(addresses, region.name);
    parts[`${region.name}/app`] = `${at(ground, 'app')}:${ports.app}`;
    parts[`${region.name}/database`] = `${at(ground, 'database')}:${ports.database}`;
    Object.assign(parts, witnessParts(topology, ground));
    parts[`${region.name}/resolver`] = `${at(ground, 'resolver')}:${ports.dns}`;
  }
  Object.assign(parts, partsOutside(addresses, topology));
  const own = place === 'outside' ? addresses.nameservers : { ...addresses.nameservers, own: `${at(groundOf(addresses, place), 'resolver')}:${ports.dns}` };
  return { service: topology.names.service, servicePort: ports.app, parts, nameservers: own, from: groundOf(addresses, place).agent, database, sockets: { 'outside/pilot': pilotSocket } };
}

/** Each witness by its name, and the first of a place by none. */
function witnessParts(topology: Topology, ground: Ground): Record<string, string> {
  const named = witnessesOf(topology, ground.place).map((name, index) => [`${ground.place}/witness/${name}`, `${at(ground, 'witness', index)}:${ports.witness}`] as const);
  return Object.fromEntries([...named.slice(0, 1).map(([, address]) => [`${ground.place}/witness`, address] as const), ...named]);
}

/** Parts outside, several of them by their names. The load balancer's address, where it takes orders, stands for the checkers; the pilot's is one to look from: it listens to no network. */
function partsOutside(addresses: Addresses, topology: Topology): Record<string, string> {
  const outside = groundOf(addresses, 'outside');
  const named = (part: Part, names: readonly string[]) => names.map((name) => [`outside/${part}/${name}`, addresses.nameservers[name] ?? ''] as const);
  return {
    'outside/checkers': `${outside.parts.checkers?.at(-1) ?? ''}:${ports.gslb}`, 'outside/pilot': `${at(outside, 'pilot')}:1`,
    ...witnessParts(topology, outside),
    'outside/authorities': `${at(outside, 'authorities')}:${ports.dns}`, ...Object.fromEntries([...named('authorities', topology.authorities), ...named('resolver', topology.resolvers.map(({ name }) => name))]),
  };
}
