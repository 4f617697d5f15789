import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zoneOf, type Topology } from '../../topology.ts';
import { at, groundOf, pilotSocket, ports, witnessesOf, type Addresses } from './addresses.ts';
import { accounts, lentPrograms } from './database.ts';
import type { Program } from './programs.ts';

const source = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const compiled = fileURLToPath(new URL('../../../node_modules/.cache/regionfall', import.meta.url));
/** Node for the world's own programs and the agents: this very one, kept small. Stripping types costs more memory than most of them need, so what was compiled is kept. */
export const smallNode = ['env', `NODE_COMPILE_CACHE=${compiled}`, process.execPath, '--max-semi-space-size=1', '--max-old-space-size=128', '--disable-warning=ExperimentalWarning'];

/** The reference system's programs, each with its configuration written beside it: authorities, health checks, an app a region, the pilot. */
export async function systemPrograms(topology: Topology, addresses: Addresses, dir: string, logDir: string, evidenceDir: string): Promise<Program[]> {
  const program = async (place: string, part: Program['part'], name: string, file: string, config: unknown, before: readonly string[] = []): Promise<Program> => {
    const configFile = join(dir, `${name}.json`);
    await writeFile(configFile, `${JSON.stringify(config, null, 2)}\n`);
    return { place, part, name, netns: groundOf(addresses, place).netns, argv: [...before, ...smallNode, source(`system/${file}`), configFile], logFile: `${logDir}/${name}.log` };
  };
  const outside = groundOf(addresses, 'outside');
  return Promise.all([
    ...topology.authorities.map((name, index) => program('outside', 'authorities', `outside.${name}`, 'gslb/authority.ts', authorityConfig(topology, addresses, name, index))),
    program('outside', 'checkers', 'outside.gslb', 'gslb/main.ts', gslbConfig(topology, addresses)),
    ...topology.regions.map((region) => program(region.name, 'app', `${region.name}.app`, 'app/main.ts', appConfig(topology, addresses, region.name))),
    ...[...topology.regions.map(({ name }) => name), 'outside'].flatMap((place) => witnessesOf(topology, place).map((name, index) => program(place, 'witness', `${place}.witness-${name}`, 'witness/main.ts', witnessConfig(topology, addresses, place, name, index)))),
    program('outside', 'pilot', 'outside.pilot', 'pilot/main.ts', pilotConfig(topology, addresses, evidenceDir, at(outside, 'pilot')), ['env', `PATH=${lentPrograms}:${process.env['PATH'] ?? ''}`]),
  ]);
}

/** Where an authority takes zones. */
export function controlOf(addresses: Addresses, index: number): string {
  return `${at(groundOf(addresses, 'outside'), 'authorities', index)}:${ports.authorityControl}`;
}

function authorityConfig(topology: Topology, addresses: Addresses, name: string, index: number) {
  return { name, listen: addresses.nameservers[name], control: controlOf(addresses, index), zone: zoneOf(topology), nameservers: topology.authorities.map((authority) => ({ name: `${authority}.${zoneOf(topology)}`, address: addresses.nameservers[authority]?.split(':')[0] })) };
}

function gslbConfig(topology: Topology, addresses: Addresses) {
  const { dns, failover } = topology.settings;
  const outside = groundOf(addresses, 'outside');
  return {
    control: gslbControl(addresses),
    checkers: Array.from({ length: dns.checkers }, (_, index) => ({ name: `checker-${index + 1}`, address: at(outside, 'checkers', index) })),
    regions: topology.regions.map((region) => {
      const app = at(groundOf(addresses, region.name), 'app');
      return { name: region.name, role: region.role, endpoint: `${app}:${ports.app}`, address: app };
    }),
    service: { name: topology.names.service, ttlMs: dns.ttl },
    database: { name: topology.names.database, ttlMs: dns.databaseTtl },
    path: '/health', intervalMs: dns.interval, threshold: dns.threshold, quorumPct: dns.quorumPct,
    connectTimeoutMs: dns.connectTimeout, responseTimeoutMs: dns.responseTimeout, negativeTtlMs: dns.negativeTtl, publishDelayMs: dns.publishDelay,
    failback: failover.failback, checks: 'when asked', authorities: topology.authorities.map((_, index) => controlOf(addresses, index)),
  };
}

/** Where the load balancer takes orders. */
export function gslbControl(addresses: Addresses): string {
  const outside = groundOf(addresses, 'outside');
  return `${outside.parts.checkers?.at(-1) ?? ''}:${ports.gslb}`;
}

function appConfig(topology: Topology, addresses: Addresses, region: string) {
  const { app } = topology.settings;
  const ground = groundOf(addresses, region);
  return {
    region, listen: `${at(ground, 'app')}:${ports.app}`, from: at(ground, 'app'), resolver: `${at(ground, 'resolver')}:${ports.dns}`,
    database: { name: topology.names.database, port: ports.database, ...accounts.app, schema: accounts.schema },
    local: { host: at(ground, 'database'), port: ports.database },
    health: app.health, pool: app.pool, pinning: app.pinning, connectTimeoutMs: app.connectTimeout, queryTimeoutMs: app.queryTimeout, reads: app.reads,
  };
}

function pilotConfig(topology: Topology, addresses: Addresses, evidenceDir: string, from: string) {
  const { database, failover } = topology.settings;
  return {
    listen: pilotSocket, from,
    databases: topology.regions.map((region) => ({ region: region.name, host: at(groundOf(addresses, region.name), 'database'), port: ports.database, role: region.role })),
    admin: accounts.admin, replication: accounts.replication, schema: accounts.schema, gslb: gslbControl(addresses),
    engine: database.engine, mode: database.replication, degradeMs: database.degrade === 'never' ? null : database.degrade, waitPoint: database.waitPoint,
    netTimeoutMs: database.netTimeout, heartbeatMs: database.heartbeat,
    decide: failover.decide, runbook: failover.runbook, personMs: failover.person, fence: failover.fence, leaseMs: failover.lease, observeMs: failover.observe, misses: failover.misses, drainTimeoutMs: failover.drainTimeout,
    evidenceDir,
    witnesses: failover.witnesses.map(({ name, place }) => ({ name, address: `${at(groundOf(addresses, place), 'witness', witnessesOf(topology, place).indexOf(name))}:${ports.witness}` })),
  };
}

/** How long a witness tries: it may stand a long way off, and logging in takes several round trips. */
const witnessLimitMs = 1_000;

function witnessConfig(topology: Topology, addresses: Addresses, place: string, name: string, index: number) {
  const from = at(groundOf(addresses, place), 'witness', index);
  return {
    name, listen: `${from}:${ports.witness}`, from, account: accounts.admin, limitMs: witnessLimitMs,
    databases: topology.regions.map((region) => ({ region: region.name, host: at(groundOf(addresses, region.name), 'database'), port: ports.database })),
  };
}
