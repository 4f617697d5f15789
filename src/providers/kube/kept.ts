import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DrillError } from '../../errors.ts';
import type { Topology } from '../../topology.ts';
import { netOf } from './docker.ts';
import type { Images } from './images.ts';
import { listClusters, markCluster, ownerOf } from './kind.ts';
import { clusterOf, networkOf, type Named } from './names.ts';
import { findRemains, lives, removeRemains } from './remains.ts';

/** The name under which `sweep` takes kept clusters away. */
export const keptName = 'kept';

/** What clusters are made from, as one word: where it differs, kept ones are of no use. */
export async function recipeOf(topology: Topology, images: Images): Promise<string> {
  const root = fileURLToPath(new URL('../../../clusters', import.meta.url));
  const files = (await readdir(root, { recursive: true })).filter((name) => name.includes('/') && name.endsWith('.yaml')).sort();
  const hash = createHash('sha256').update(JSON.stringify([topology.regions, topology.names, topology.authorities, images]));
  for (const file of files) hash.update(await readFile(join(root, file)));
  return hash.digest('hex').slice(0, 12);
}

/** The network of clusters that were kept and can be used as they are; null where there are none. Kept ones that cannot be used are taken down. Throws a DrillError while another run drills in them. */
export async function findKept(run: Named, topology: Topology, recipe: string): Promise<string | null> {
  const there = new Set(await listClusters());
  const owners = await Promise.all(topology.regions.map(({ name }) => clusterOf(run, name)).map(async (name) => (there.has(name) ? { name, says: await ownerOf(name) } : null)));
  const strange = owners.find((one) => one !== null && one.says === null);
  if (strange) throw new DrillError('notReady', { message: `a cluster ${strange.name} is there already, and is not ours`, hint: `rename it, or delete it yourself: kind delete cluster --name ${strange.name}` });
  const busy = owners.find((one) => one?.says && one.says.harness !== 0 && lives(one.says.harness));
  if (busy?.says) throw new DrillError('notReady', { message: `another run drills in the clusters that were kept: ${busy.says.run}`, hint: 'wait for it, or run without --keep' });
  const net = await netOf(networkOf(run));
  const edge = (await findRemains()).filter((one) => one.kept || one.name.startsWith(networkOf(run)));
  const usable = net !== null && owners.every((one) => one?.says?.kept === recipe);
  await removeRemains(usable ? edge.filter((one) => one.what === 'container') : edge);
  return usable ? net : null;
}

/** Leaves a run's clusters to the next run: they belong to nobody from now on. */
export async function leaveKept(run: Named, topology: Topology, recipe: string): Promise<void> {
  await removeRemains((await findRemains()).filter((one) => one.run === run.id && one.what === 'container'));
  await Promise.all(topology.regions.map(({ name }) => markCluster(clusterOf(run, name), { run: keptName, harness: 0, kept: recipe })));
}
