import { zoneOf, type Topology } from '../../topology.ts';
import { habitsOf, unboundConfig } from '../unbound.ts';
import { accounts } from './accounts.ts';
import { ports, regionOf, type Layout, type Region } from './layout.ts';

/** Where the pilot takes requests, inside its container: an operator's console must not depend on the network under test. */
export const pilotSocket = '/run/pilot.sock';
/** The cluster's own resolver, as every pod of it knows it: Kubernetes gives it the tenth address of the service range. */
const clusterDns = '10.255.0.10';

function controlsOf(layout: Layout): string[] {
  return layout.authorities.map((address) => `${address}:${ports.authorityControl}`);
}

/** What an authoritative server is told. */
export function authorityConfig(topology: Topology, layout: Layout, index: number) {
  return {
    name: topology.authorities[index], listen: `${layout.authorities[index]}:${ports.dns}`, control: controlsOf(layout)[index], zone: zoneOf(topology),
    nameservers: topology.authorities.map((name, other) => ({ name: `${name}.${zoneOf(topology)}`, address: layout.authorities[other] })),
  };
}

/** What the global load balancer is told: users and checks come to each region's gateway. */
export function gslbConfig(topology: Topology, layout: Layout, nodes: Readonly<Record<string, string>>) {
  const { dns, failover } = topology.settings;
  return {
    control: `${layout.gslb}:${ports.gslb}`,
    checkers: layout.checkers.map((address, index) => ({ name: `checker-${index + 1}`, address })),
    regions: topology.regions.map(({ name, role }) => ({ name, role, endpoint: `${nodes[name]}:${ports.front}`, address: nodes[name] })),
    service: { name: topology.names.service, ttlMs: dns.ttl },
    database: { name: topology.names.database, ttlMs: dns.databaseTtl },
    path: '/health', intervalMs: dns.interval, threshold: dns.threshold, quorumPct: dns.quorumPct,
    connectTimeoutMs: dns.connectTimeout, responseTimeoutMs: dns.responseTimeout, negativeTtlMs: dns.negativeTtl, publishDelayMs: dns.publishDelay,
    failback: failover.failback, checks: 'when asked', authorities: controlsOf(layout),
  };
}

/** What a region's app is told. It listens behind the proxy's port, on its own door. */
export function appConfig(topology: Topology, region: Region) {
  const { app } = topology.settings;
  return {
    region: region.name, listen: `0.0.0.0:${ports.app}`, resolver: `${clusterDns}:${ports.dns}`,
    database: { name: topology.names.database, port: ports.mesh, ...accounts.app, schema: accounts.schema },
    local: { host: region.database, port: ports.mesh },
    health: app.health, pool: app.pool, connectTimeoutMs: app.connectTimeout, queryTimeoutMs: app.queryTimeout, reads: app.reads,
  };
}

/** What the pilot is told: databases by the addresses they have everywhere. */
export function pilotConfig(topology: Topology, layout: Layout) {
  const { database, failover } = topology.settings;
  return {
    listen: pilotSocket, from: layout.pilot, engine: database.engine,
    databases: topology.regions.map(({ name, role }) => ({ region: name, host: regionOf(layout, name).database, port: ports.mesh, role })),
    admin: accounts.admin, replication: accounts.replication, schema: accounts.schema, gslb: `${layout.gslb}:${ports.gslb}`,
    mode: database.replication, degradeMs: database.degrade === 'never' ? null : database.degrade, waitPoint: database.waitPoint,
    netTimeoutMs: database.netTimeout, heartbeatMs: database.heartbeat,
    decide: failover.decide, runbook: failover.runbook, personMs: failover.person, fence: failover.fence, leaseMs: failover.lease, observeMs: failover.observe, misses: failover.misses, drainTimeoutMs: failover.drainTimeout,
    evidenceDir: '/errant',
  };
}

/** unbound.conf of a resolver of the edge. */
export function resolverConfig(topology: Topology, layout: Layout, address: string, resolver: Topology['resolvers'][number]): string {
  return unboundConfig({ address, port: ports.dns, directory: '/tmp', zone: zoneOf(topology), authorities: layout.authorities, ...habitsOf(resolver) });
}
