import { join } from 'node:path';
import { primaryOf, standbyOf, type Part, type Place, type Topology } from '../../topology.ts';
import { makeApp, makeControl, type Site } from './app.ts';
import type { VirtualClock } from './clock.ts';
import { makeAuthority, makeResolver, question, type Authority, type NameServer } from './dns.ts';
import { makeGslb, type Gslb } from './gslb.ts';
import type { Log } from './log.ts';
import type { Net } from './net.ts';
import { observe } from './observe.ts';
import type { Pilot } from './pilot.ts';
import type { Locate } from './pool.ts';
import { makeProgram, type Program } from './program.ts';
import { follow } from './replication.ts';
import { arm, makeServer, type Server } from './server.ts';

/** When the names are out and an app that asks only once does so, in ms; a choice of this model. */
const startMs = 1_000;

/** The whole simulated system. */
export interface System {
  readonly net: Net;
  readonly topology: Topology;
  readonly programs: readonly Program[];
  readonly apps: ReadonlyMap<Place, Site>;
  readonly servers: ReadonlyMap<Place, Server>;
  readonly control: Site;
  readonly pilot: Pilot;
  readonly gslb: Gslb;
  readonly authorities: readonly Authority[];
  /** A resolver or authority by name; `own` is the region's. Undefined where there is none. */
  nameServer(name: string, place: Place): NameServer | undefined;
}

/** Builds the system and sets it going: the primary takes writes, the standby follows, the names are published, every checker says healthy. */
export function makeSystem(net: Net, topology: Topology, random: () => number, log: Log, dir: string): System {
  const programs: Program[] = [];
  const places = [...topology.regions.map((region) => region.name), 'outside'];
  const add = (place: Place, part: Part, name: string) => {
    const address = `10.${places.indexOf(place) + 1}.0.${10 + programs.filter((one) => one.place === place).length}`;
    const made = makeProgram({ place, part }, name, address);
    programs.push(made);
    return made;
  };
  const { dns } = topology.settings;
  const authorities = topology.authorities.map((name) => makeAuthority(name, add('outside', 'authorities', name), dns.negativeTtl));
  const resolvers = topology.resolvers.map((one) => makeResolver(net, one.name, add('outside', 'resolver', one.name), authorities, one.kind === 'stretch' ? one.minTtlMs : 0, one.kind === 'serve-stale'));
  const servers = new Map(topology.regions.map((region, index) => [region.name, makeServer(net, add(region.name, 'database', `${region.name}/database`), index + 1, topology.settings.database)]));
  const own = new Map(topology.regions.map(({ name }) => [name, makeResolver(net, 'own', add(name, 'resolver', `${name}/resolver`), authorities)]));
  const apps = new Map(topology.regions.map(({ name }) => {
    const program = add(name, 'app', `${name}/app`);
    const find = (address: string | undefined) => [...servers.values()].find((server) => server.program.address === address);
    return [name, makeApp(net, program, topology.settings.app, findDatabase(net, program, topology, own.get(name) as NameServer, find), (done) => done(servers.get(name) ?? null, ''))];
  }));
  const checkers = add('outside', 'checkers', 'gslb');
  const gslb = makeGslb({ net, topology, program: checkers, authorities, apps, random, log, addressOf: (region) => (apps.get(region) as Site).program.address, databaseOf: (region) => (servers.get(region) as Server).program.address });
  const witnesses = topology.settings.failover.witnesses.map(({ name, place }) => add(place, 'witness', name));
  const pilot = makePilot({ net, topology, program: add('outside', 'pilot', 'pilot'), witnesses, servers, gslb, log, dir });
  gslb.begin();
  observe(pilot, random() * topology.settings.failover.observe);
  const control = makeControl(makeProgram({ place: 'control', part: 'control' }, 'control', '10.99.0.10'));
  const named = new Map([...resolvers, ...authorities].map((server) => [server.name, server]));
  return { net, topology, programs, apps, servers, control, pilot, gslb, authorities, nameServer: (name, place) => (name === 'own' ? own.get(place) : named.get(name)) };
}

/** Anew for each connection, or once, when the app starts. */
function findDatabase(net: Net, program: Program, topology: Topology, resolver: NameServer, find: (address: string | undefined) => Server | undefined): Locate {
  const locate = byName(net, program, topology, resolver, find);
  if (topology.settings.app.pinning === 'connection') return locate;
  let known: Server | null = null;
  const once: Locate = (done) => { if (known) done(known, ''); else locate((server, why) => { known ??= server; done(known, why); }); };
  net.clock.after(startMs, () => once(() => {}));
  return once;
}

function byName(net: Net, program: Program, topology: Topology, resolver: NameServer, find: (address: string | undefined) => Server | undefined): Locate {
  const { database } = topology.names;
  return (done) => question(net, program, resolver, database, (said) => {
    const server = find(said.addresses[0]);
    done(server ?? null, server ? '' : `${database}: ${said.rcode}, no address`);
  }, () => done(null, 'the resolver refused the question'));
}

interface Crew { readonly net: Net; readonly topology: Topology; readonly program: Program; readonly witnesses: readonly Program[]; readonly servers: ReadonlyMap<Place, Server>; readonly gslb: Gslb; readonly log: Log; readonly dir: string }

function makePilot({ net, topology, program, witnesses, servers, gslb, log, dir }: Crew): Pilot {
  const primary = servers.get(primaryOf(topology).name) as Server;
  const standby = servers.get(standbyOf(topology).name) as Server;
  primary.readOnly = false;
  const link = follow(net, primary, standby);
  if (topology.settings.database.replication === 'semi-sync') arm(primary);
  return {
    net, program, settings: topology.settings, gslb, log, evidenceDir: join(dir, 'errant'), first: primary, witnesses, asking: false,
    primary, standby, link, misses: 0, askedAt: null, said: new Set(), busy: false, alone: false, fenced: false,
  };
}

/** A network with nothing cut, and the regions as far apart as the topology has them. */
export function makeNet(clock: VirtualClock, random: () => number, { regions, settings }: Topology): Net {
  return { clock, random, cuts: new Set(), far: new Set(regions.map(({ name }) => name)), distanceMs: settings.network.distance };
}
