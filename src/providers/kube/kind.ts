import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { here, must, type Exec } from '../../exec.ts';
import type { Place } from '../../topology.ts';
import { addressIn, inContainer } from './docker.ts';
import type { Layout, Region } from './layout.ts';
import { clusterOf, marker, networkOf, nodeOf, type Named } from './names.ts';
import { fillIn } from './template.ts';

/** A region's cluster: where its API is, its one node, and that node as a place to run commands, by a path no lever can cut. */
export interface Cluster {
  readonly region: Place;
  readonly name: string;
  /** A file of the run's own, never the user's. */
  readonly kubeconfig: string;
  readonly context: string;
  readonly node: Exec;
  /** The node's address in the run's network. */
  readonly address: string;
}

/** What the marker in a node says: whose it is, which process drills in it (0: none), and, where it is kept, what it was made from. */
export interface Marker { readonly run: string; readonly harness: number; readonly kept?: string }

/** Makes one cluster of one node and marks it as this run's. Rejects with kind's last word. */
export async function makeCluster(layout: Layout, region: Region, run: Named & { readonly dir: string }, image: string, says: Marker, signal: AbortSignal): Promise<Cluster> {
  const name = clusterOf(run, region.name);
  const [config, kubeconfig] = [join(run.dir, 'world', `${region.name}.kind.yaml`), kubeconfigIn(run.dir, region.name)];
  await writeFile(config, await fillIn('kind/region.yaml', { cluster: name, region: region.name, pods: region.pods, services: layout.services }));
  await must(here, ['kind', 'create', 'cluster', '--config', config, '--image', image, '--kubeconfig', kubeconfig], {
    timeoutMs: 300_000, signal, env: { KIND_EXPERIMENTAL_DOCKER_NETWORK: networkOf(run) },
  });
  await markCluster(name, says);
  return clusterAt(run, region.name, kubeconfig);
}

/** A cluster that is there already, taken for this run. */
export async function takeCluster(region: Region, run: Named & { readonly dir: string }, says: Marker): Promise<Cluster> {
  const name = clusterOf(run, region.name);
  const kubeconfig = kubeconfigIn(run.dir, region.name);
  await writeFile(kubeconfig, await must(here, ['kind', 'get', 'kubeconfig', '--name', name], { timeoutMs: 30_000 }), { mode: 0o600 });
  await markCluster(name, says);
  return clusterAt(run, region.name, kubeconfig);
}

const kubeconfigIn = (dir: string, region: Place) => join(dir, 'world', `${region}.kubeconfig`);

/** Says in the node whose cluster it is. */
export async function markCluster(name: string, says: Marker): Promise<void> {
  await must(inContainer(nodeOf(name)), ['sh', '-c', `cat > ${marker}`], { input: `${JSON.stringify(says)}\n`, timeoutMs: 30_000 });
}

async function clusterAt(run: Named, region: Place, kubeconfig: string): Promise<Cluster> {
  const name = clusterOf(run, region);
  const node = nodeOf(name);
  return { region, name, kubeconfig, context: `kind-${name}`, node: inContainer(node), address: await addressIn(networkOf(run), node) };
}

/** Whose cluster it is, by the marker in its node; null where there is none: then it is not ours, whatever its name. */
export async function ownerOf(name: string): Promise<Marker | null> {
  const done = await inContainer(nodeOf(name)).run(['cat', marker], { timeoutMs: 20_000 });
  if (done.code !== 0) return null;
  try { return JSON.parse(done.stdout) as Marker; } catch { return null; }
}

/** Names of all kind clusters of this engine. */
export async function listClusters(): Promise<string[]> {
  const done = await here.run(['kind', 'get', 'clusters', '-q'], { timeoutMs: 30_000 });
  return done.code === 0 ? done.stdout.split('\n').filter((line) => line !== '') : [];
}

/** Deletes a cluster, without touching the user's kubeconfig. */
export async function deleteCluster(name: string): Promise<void> {
  await must(here, ['kind', 'delete', 'cluster', '-q', '--name', name, '--kubeconfig', '/dev/null'], { timeoutMs: 120_000 });
}
