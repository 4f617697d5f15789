import { marks } from '../../history.ts';
import { primaryOf, type Topology } from '../../topology.ts';
import type { Site } from './app.ts';
import { ask, close, connect } from './connection.ts';
import type { Authority, Zone } from './dns.ts';
import type { Log } from './log.ts';
import { makePress } from './press.ts';
import type { Net } from './net.ts';
import { whenRunning, type Program } from './program.ts';
import { choose, healthyOnes, isHealthy, take, type Opinion } from './route53.ts';

/** Health checks and what follows from them for the names. */
export interface Gslb {
  /** Publishes where the database is; resolves when all authorities have it, or could not be given it in a second. */
  publishDatabase(addresses: readonly string[]): Promise<void>;
  /** What it holds to be published. */
  zone(): Zone;
  /** Lets a primary that is held unhealthy be answered again. */
  release(): void;
  /** Keeps users away from the primary until it is released, however healthy it is. */
  hold(): void;
  begin(): void;
}

interface Ground {
  readonly net: Net;
  readonly topology: Topology;
  readonly program: Program;
  readonly authorities: readonly Authority[];
  readonly apps: ReadonlyMap<string, Site>;
  readonly addressOf: (region: string) => string;
  readonly databaseOf: (region: string) => string;
  readonly random: () => number;
  readonly log: Log;
}

interface State { readonly opinions: ReadonlyMap<string, readonly Opinion[]>; readonly up: Map<string, boolean>; held: boolean; answered: 'primary' | 'secondary' }

/** Health checkers with phases of their own, the 18 % rule, failover records, the latch, and publication at the authorities after its delay. */
export function makeGslb(ground: Ground): Gslb {
  const { topology, random } = ground;
  const { dns } = topology.settings;
  const fresh = () => Array.from({ length: dns.checkers }, (): Opinion => ({ healthy: true, against: 0 }));
  const regions = topology.regions.map((region) => region.name);
  const state: State = { opinions: new Map(regions.map((name) => [name, fresh()])), up: new Map(regions.map((name) => [name, true])), held: false, answered: 'primary' };
  const press = makePress(ground);
  const serve = () => press.publish(topology.names.service, [ground.addressOf(regionOf(topology, state.answered))], dns.ttl);
  const decide = () => {
    const primary = primaryOf(topology).name;
    const up = (name: string) => state.up.get(name) ?? false;
    const answer = choose({ healthy: up(primary), held: state.held }, { healthy: up(regionOf(topology, 'secondary')) });
    if (answer === state.answered) return;
    // Held from the moment users are moved away, and once only: a primary let go of while it is still unhealthy is answered as soon as it is not.
    if (answer === 'secondary' && topology.settings.failover.failback === 'latched') state.held = true;
    state.answered = answer;
    void serve();
  };
  return {
    publishDatabase: (addresses) => press.publish(topology.names.database, addresses, dns.databaseTtl),
    zone: press.zone,
    release: () => { state.held = false; decide(); },
    hold: () => { state.held = true; decide(); },
    begin: () => {
      for (const region of regions) {
        for (const opinion of state.opinions.get(region) ?? []) {
          check(ground, state, region, opinion, random() * dns.interval, decide);
        }
      }
    },
  };
}

function regionOf(topology: Topology, record: 'primary' | 'secondary'): string {
  const role = record === 'primary' ? 'primary' : 'standby';
  return topology.regions.find((region) => region.role === role)?.name ?? '';
}

// Open loop: the next check is due an interval after this one, however this one fares.
function check(ground: Ground, state: State, region: string, opinion: Opinion, inMs: number, decide: () => void): void {
  const { net, program, topology, apps } = ground;
  net.clock.after(inMs, () => {
    check(ground, state, region, opinion, topology.settings.dns.interval, decide);
    const life = program.life;
    const app = apps.get(region);
    if (!app || !program.running || program.frozen) return;
    look(ground, app, (good) => whenRunning(program, life, () => {
      take(opinion, good, topology.settings.dns.threshold);
      judge(ground, state, region);
      decide();
    }));
  });
}

function judge({ topology, log }: Ground, state: State, region: string): void {
  const opinions = state.opinions.get(region) ?? [];
  const healthy = isHealthy(opinions, topology.settings.dns.quorumPct);
  if (healthy === state.up.get(region)) return;
  state.up.set(region, healthy);
  log('gslb', healthy ? marks.healthy : marks.unhealthy, region, { healthy: healthyOnes(opinions), of: opinions.length });
}

// Route 53: four seconds to connect, then two for a 2xx or 3xx (dns.md 1.4); both are settings.
function look({ net, program, topology }: Ground, app: Site, done: (good: boolean) => void): void {
  const { connectTimeout, responseTimeout } = topology.settings.dns;
  let over = false;
  const finish = (good: boolean) => { if (over) return; over = true; callOff(); done(good); };
  let callOff = net.clock.after(connectTimeout, () => finish(false));
  connect(net, program, app.program, () => !over, (connection) => {
    if (over || !connection) { if (connection) close(connection); finish(false); return; }
    callOff();
    callOff = net.clock.after(responseTimeout, () => { close(connection); finish(false); });
    connection.onLost = () => finish(false);
    ask(net, connection, (reply: (status: number) => void) => app.handle({ get: '/health' }, ({ status }) => reply(status)), (status) => {
      close(connection);
      finish(status >= 200 && status < 400);
    });
  });
}
