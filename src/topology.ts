import { z } from 'zod';
import { ms } from './duration.ts';

/** Somewhere one can stand and look from: `outside`, or a region's name. */
export type Place = string;

/** What runs a region's workloads and its mesh, in worlds that have such a thing. */
export const controlParts = ['api-server', 'istiod'] as const;
export type ControlPart = (typeof controlParts)[number];

/** What can be told apart inside a place when something is cut, killed or frozen. `gateway`: where users enter a region, in worlds where that is not the app itself. */
export const parts = ['app', 'database', 'resolver', 'clients', 'checkers', 'authorities', 'pilot', 'witness', 'gateway', ...controlParts] as const;
export type Part = (typeof parts)[number];

/** Every choice of the reference system. Units are in the names; printed, resolved, in plan and report. */
export const settingsSchema = z.strictObject({
  database: z.strictObject({
    engine: z.enum(['mariadb', 'mysql']).default('mariadb'),
    replication: z.enum(['async', 'semi-sync']).default('semi-sync'),
    /** `never`, or how long a commit waits for the replica before going on without it. */
    degrade: z.union([z.literal('never'), ms()]).default(10_000),
    waitPoint: z.enum(['after-sync', 'after-commit']).default('after-sync'),
    /** How long the replica hears nothing before it calls the link broken (replica_net_timeout). */
    netTimeout: ms().default(4_000),
    heartbeat: ms().default(1_000),
    /** So many connections a server takes at a time; more are refused (max_connections). */
    maxConnections: z.int().min(10).max(10_000).default(300),
  }).prefault({}),
  dns: z.strictObject({
    interval: ms().default(10_000),
    threshold: z.int().min(1).max(10).default(3),
    checkers: z.int().min(1).max(64).default(16),
    /** Healthy while more than this share of the checkers says so (Route 53: 18 %). */
    quorumPct: z.number().min(0).max(100).default(18),
    connectTimeout: ms().default(4_000),
    responseTimeout: ms().default(2_000),
    ttl: ms().default(60_000),
    databaseTtl: ms().default(2_000),
    negativeTtl: ms().default(5_000),
    publishDelay: ms().default(500),
  }).prefault({}),
  app: z.strictObject({
    health: z.enum(['shallow', 'deep']).default('deep'),
    pool: z.int().min(1).max(200).default(20),
    /** connection: each stays with the server that it was made to, and the name is asked for each new one. address: the name is asked once, when the app starts, and every connection goes there. */
    pinning: z.enum(['connection', 'address']).default('connection'),
    connectTimeout: ms().default(1_000),
    /** After this long without an answer the app gives up on a statement and drops its connection. */
    queryTimeout: ms().default(11_000),
    reads: z.enum(['primary', 'local']).default('primary'),
  }).prefault({}),
  failover: z.strictObject({
    /** automatic: nobody is asked. manual: a person is, and nothing is done before the yes. runbook: the team's own commands promote, and nobody is asked. */
    decide: z.enum(['automatic', 'manual', 'runbook']).default('automatic'),
    /** Shell that makes the other region the primary; `step: ...` on its output says what it comes to. */
    runbook: z.string().default(''),
    /** How long the person who is asked takes to say yes. */
    person: ms().default(120_000),
    /** attempt: the old primary is told to stop, and where it cannot be told it goes on without. require: nothing is promoted before it has stopped. lease: it stops by itself when nobody has told it to go on for `lease`, and that long is waited. */
    fence: z.enum(['attempt', 'require', 'lease']).default('attempt'),
    lease: ms().default(5_000),
    failback: z.enum(['latched', 'automatic']).default('latched'),
    observe: ms().default(1_000),
    misses: z.int().min(1).max(100).default(3),
    drainTimeout: ms().default(10_000),
    /** Whom the pilot asks whether they see the primary before it calls it dead: more than half of them and itself together must miss it. `place`: outside, or a region. */
    witnesses: z.array(z.strictObject({ name: z.string().regex(/^[a-z0-9-]{1,20}$/, 'write a short name of a-z, 0-9 and -'), place: z.string().min(1) })).max(9).default([]),
  }).refine(({ decide, runbook }) => decide !== 'runbook' || runbook.trim() !== '', { path: ['runbook'], message: 'decide: runbook, and there is none: write the commands, `runbook: |` and a line each' }).prefault({}),
  network: z.strictObject({
    /** What a packet takes from one region to another and back. Between continents it is 100 ms and more, and a commit that waits for the other region waits as long. */
    distance: ms().default(130),
  }).prefault({}),
  /** Read by worlds that have a service mesh. */
  mesh: z.strictObject({
    /** How many of an app's endpoints, of all regions together, outlier detection may eject at most (Istio's own default is 10 %). */
    maxEjectionPct: z.int().min(0).max(100).default(100),
    /** After so long an ejected endpoint is given another chance, whether it is well or not (Istio's own default is 30 s). */
    baseEjection: ms().default(10_000),
  }).prefault({}),
});
export type Settings = z.output<typeof settingsSchema>;

/** A region and what part it plays before anything is broken. */
export interface Region { readonly name: Place; readonly role: 'primary' | 'standby' }

/** How a resolver keeps answers. strict: as long as their TTL says. stretch: at least `minTtlMs`. serve-stale: one that has run out is given once more, while it asks anew (RFC 8767, answering at once). */
export const resolverKinds = ['strict', 'stretch', 'serve-stale'] as const;

/** A resolver under test. A planted one misbehaves on purpose and is declared: it must be found and never counts against an objective. */
export interface Resolver { readonly name: string; readonly kind: (typeof resolverKinds)[number]; readonly minTtlMs?: number; readonly planted: boolean }

/** What stands where: regions, names, resolvers, and every choice of the system, resolved. Plain JSON. */
export interface Topology {
  readonly system: string;
  readonly regions: readonly Region[];
  /** Where one may look from: `outside` and every region. */
  readonly places: readonly Place[];
  readonly names: { readonly service: string; readonly database: string };
  readonly resolvers: readonly Resolver[];
  /** Names of the authoritative servers, `authority-1` onwards. */
  readonly authorities: readonly string[];
  readonly settings: Settings;
}

/** The region that serves before anything is broken. */
export function primaryOf(topology: Topology): Region {
  return topology.regions.find((region) => region.role === 'primary') as Region;
}

/** The region that is to take over. */
export function standbyOf(topology: Topology): Region {
  return topology.regions.find((region) => region.role === 'standby') as Region;
}

/** The parts that the reference system has in a place; a world may have more. */
export function partsIn(topology: Topology, place: Place): readonly Part[] {
  const witness: readonly Part[] = topology.settings.failover.witnesses.some((one) => one.place === place) ? ['witness'] : [];
  if (place === 'outside') return ['clients', 'resolver', 'authorities', 'checkers', 'pilot', ...witness];
  return topology.regions.some(({ name }) => name === place) ? ['app', 'database', 'resolver', 'clients', ...witness] : [];
}

/** The zone that the drill's names are in. */
export function zoneOf(topology: Topology): string {
  return topology.names.service.split('.').slice(1).join('.');
}
