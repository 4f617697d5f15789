import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ask } from '../../census.ts';
import { must } from '../../exec.ts';
import { DrillError } from '../../errors.ts';
import { zoneOf, type Part, type Place, type Topology } from '../../topology.ts';
import { inContainer, makeNetwork } from './docker.ts';
import { firstPrograms, giveAddresses, laterPrograms, leadPilot, startEdge } from './edge.ts';
import { openContext, type Context } from './contexts.ts';
import { layTable } from './firewall.ts';
import type { Ground } from './ground.ts';
import { buildImage, loadImage } from './image.ts';
import type { Images } from './images.ts';
import { makeCluster, takeCluster, type Cluster, type Marker } from './kind.ts';
import { layOut, ports, type Layout, type Region } from './layout.ts';
import { installMesh, linkRegions, makeAuthority } from './mesh.ts';
import { edgeName } from './names.ts';
import { askPilot } from './operator.ts';
import { emptyDatabase, releaseCluster } from './reset.ts';
import { applySystem } from './workloads.ts';
import { objectsIn } from './template.ts';

/** The run a world is opened for. */
export interface RunOfWorld { readonly id: string; readonly dir: string; readonly endsWithinMs: number; readonly keep?: boolean }

interface Opening {
  readonly topology: Topology; readonly run: RunOfWorld; readonly images: Images; readonly say: (line: string) => void; readonly signal: AbortSignal; readonly stop: AbortController;
  /** The network of clusters that are there and are to be used; null where they are to be made. */
  readonly kept: string | null;
  /** What kept clusters are marked with. */
  readonly recipe: string;
  readonly ask: (clusters: ReadonlyMap<Place, Cluster>) => Ask;
}

/** Makes clusters, mesh, databases, services and the edge; returns when users could be served. The first failure stops all that goes on beside it. */
export async function openGround(opening: Omit<Opening, 'stop'>): Promise<Ground> {
  const stop = new AbortController();
  return make({ ...opening, stop, signal: AbortSignal.any([opening.signal, stop.signal]) });
}

async function make(opening: Opening): Promise<Ground> {
  const { topology, run, images, say, signal, stop, kept } = opening;
  await Promise.all(['world', 'logs', 'undo'].map((name) => mkdir(join(run.dir, name), { recursive: true })));
  const layout = layOut(topology, kept ?? await makeNetwork(run));
  say(kept === null ? `${layout.regions.length} clusters, each with its mesh` : `the ${layout.regions.length} clusters that were kept`);
  const image = buildImage(images.runtime, signal);
  const authority = makeAuthority(join(run.dir, 'world', 'mesh'), layout.regions.map(({ name }) => name));
  for (const early of [image, authority]) early.catch((error: unknown) => stop.abort(error)); // awaited only later
  const edge = image.then((name) => startEdge(run, name, firstPrograms(topology, layout), signal));
  const made = await allOrNone(stop, [...layout.regions.map((region) => (kept === null ? makeRegion(opening, layout, region, image, authority) : takeRegion(opening, region, image))), edge.then(() => null)]);
  const regions = made.filter((one) => one !== null);
  const clusters = new Map(regions.map(({ cluster }) => [cluster.region, cluster]));
  const contexts = new Map(regions.map(({ cluster, context }) => [cluster.region, context]));
  const nodes = Object.fromEntries([...clusters].map(([region, cluster]) => [region, cluster.address]));
  say('databases and services');
  await allOrNone(stop, [
    linkRegions(layout, [...clusters.values()], contexts, signal),
    image.then((name) => startEdge(run, name, laterPrograms(topology, layout, nodes), signal)).then(() => Promise.all([giveAddresses(run, layout), leadPilot(run, layout, nodes)])).then(() => {}),
    ...regions.map(async ({ cluster, context }) => applySystem({ topology, layout, images, image: await image }, cluster.region, context, signal)),
  ]);
  if (kept !== null) await Promise.all([...clusters.keys()].map((region) => emptyDatabase(opening.ask(clusters), region, signal)));
  const ground = { layout, clusters, pods: await podsOf(contexts) };
  await Promise.all([...clusters.values()].map((cluster) => layTable(cluster, layout, lookersIn(ground, cluster.region), nodes)));
  say('roles, names, health checks');
  await bringUp(run, ground, signal);
  return ground;
}

async function makeRegion({ run, topology, images, signal, stop, recipe }: Opening, layout: Layout, region: Region, image: Promise<string>, authority: Promise<void>): Promise<{ cluster: Cluster; context: Context }> {
  const cluster = await makeCluster(layout, region, run, images.node, markerOf(run, recipe), signal);
  const context = openContext(cluster.kubeconfig, cluster.context);
  await authority;
  await allOrNone(stop, [
    image.then((name) => loadImage(name, cluster.name, signal)),
    objectsIn('dns/coredns.yaml', { zone: zoneOf(topology), authorities: layout.authorities.join(' ') }).then((objects) => context.apply(objects)),
    installMesh(cluster, context, images, join(run.dir, 'world', 'mesh'), signal),
  ]);
  return { cluster, context };
}

/** The pods of a region that looks leave from: the agent's own, and those whose own path is looked at. */
function lookersIn({ pods }: Ground, region: Place): string[] {
  const { clients = [], app = [], database = [] } = pods[region] ?? {};
  return [...clients, ...app, ...database];
}

/** A cluster that was kept, with nothing left in it of what an earlier run broke. */
async function takeRegion({ run, recipe, signal }: Opening, region: Region, image: Promise<string>): Promise<{ cluster: Cluster; context: Context }> {
  const cluster = await takeCluster(region, run, markerOf(run, recipe));
  await releaseCluster(cluster);
  const name = await image;
  const images = await must(cluster.node, ['ctr', '-n', 'k8s.io', 'images', 'ls', '-q'], { timeoutMs: 30_000 });
  if (!images.includes(name)) await loadImage(name, cluster.name, signal);
  return { cluster, context: openContext(cluster.kubeconfig, cluster.context) };
}

function markerOf(run: RunOfWorld, recipe: string): Marker {
  return { run: run.id, harness: process.pid, ...(run.keep === true ? { kept: recipe } : {}) };
}

/** All of them, or the first reason, but not before the last has ended: nothing may go on making things while they are being taken down. */
async function allOrNone<T>(stop: AbortController, work: readonly Promise<T>[]): Promise<T[]> {
  for (const one of work) one.catch((error: unknown) => stop.abort(error));
  const settled = await Promise.allSettled(work);
  if (stop.signal.aborted) throw stop.signal.reason;
  return settled.map((one) => (one as PromiseFulfilledResult<T>).value);
}

async function podsOf(contexts: ReadonlyMap<Place, Context>): Promise<Ground['pods']> {
  const found = await Promise.all([...contexts].map(async ([region, context]) => {
    const [app, gateway, database, resolver, clients, istiod] = await Promise.all([
      context.podAddress('shop', 'app=app'), context.podAddress('istio-system', 'istio=gateway'), context.podAddress('shop', 'app=mysql'),
      context.podAddress('kube-system', 'k8s-app=kube-dns'), context.podAddress('shop', 'app=agent'), context.podAddress('istio-system', 'app=istiod'),
    ]);
    return [region, { app: [app, gateway], database: [database], resolver: [resolver], clients: [clients], gateway: [gateway], istiod: [istiod] } satisfies Partial<Record<Part, string[]>>] as const;
  }));
  return Object.fromEntries(found);
}

/** In an order in which nothing is asked for before it is there: a name asked for too early is remembered as missing. */
async function bringUp(run: RunOfWorld, { layout, clusters }: Ground, signal: AbortSignal): Promise<void> {
  await askPilot(inContainer(edgeName(run, 'pilot')), 'arrange', signal, 60_000).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new DrillError('notReady', { message: `the databases could not be arranged: ${cause instanceof Error ? cause.message.slice(-500) : String(cause)}`, hint: 'see the logs of the run' }, { cause });
  });
  const outside = inContainer(edgeName(run, 'agent'));
  for (const { address } of clusters.values()) {
    await awaitAnswer(outside, `http://${address}:${ports.app}/health`, 'GET', signal);
    await awaitAnswer(outside, `http://${address}:${ports.front}/orders`, 'GET', signal);
  }
  await awaitAnswer(outside, `http://${layout.gslb}:${ports.gslb}/check`, 'POST', signal);
}

/** Asks a URL from the edge until it answers 200 five times in a row; rejects after 60 s with its last word. */
async function awaitAnswer(exec: ReturnType<typeof inContainer>, url: string, method: string, signal: AbortSignal): Promise<void> {
  const script = `const end = Date.now() + 60000; let last, row = 0; do { try { const r = await fetch(process.argv[1], { method: process.argv[2], signal: AbortSignal.timeout(2000) }); last = r.status + ' ' + await r.text(); row = r.status === 200 ? row + 1 : 0; if (row === 5) process.exit(0); } catch (e) { row = 0; last = e.cause?.message ?? e.message; } await new Promise((r) => setTimeout(r, row > 0 ? 20 : 200)); } while (Date.now() < end); console.error(last); process.exit(1)`;
  await must(exec, ['node', '--input-type=module', '-e', script, url, method], { signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new DrillError('notReady', { message: `${url} did not answer: ${cause instanceof Error ? cause.message.slice(-300) : String(cause)}`, hint: 'see the logs of the run' }, { cause });
  });
}

