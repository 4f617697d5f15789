import { here, must } from '../../exec.ts';
import { docker, findLabelled } from './docker.ts';
import { deleteCluster, listClusters, ownerOf } from './kind.ts';

/** A thing of ours that still stands: which run made it, and whether its harness lives. */
export interface Remain { readonly what: 'cluster' | 'container' | 'network'; readonly name: string; readonly run: string; readonly harness: number; readonly kept: boolean }

/** Everything on this engine that runs of ours made, known by markers and labels alone. */
export async function findRemains(): Promise<Remain[]> {
  if ((await here.run(['docker', 'version', '-f', '{{.Server.Version}}'], { timeoutMs: 5_000 })).code !== 0) return [];
  const names = (await listClusters()).filter((name) => name.startsWith('regionfall-'));
  const clusters = await Promise.all(names.map(async (name): Promise<Remain | null> => {
    const owner = await ownerOf(name);
    return owner && { what: 'cluster', name, run: owner.run, harness: owner.harness, kept: owner.kept !== undefined };
  }));
  const [containers, networks] = await Promise.all([findLabelled('container'), findLabelled('network')]);
  return [...clusters.filter((one) => one !== null), ...containers.map((one) => ({ what: 'container' as const, ...one })), ...networks.map((one) => ({ what: 'network' as const, ...one }))];
}

/** Takes remains down, networks last; rejects with the first thing that would not go. */
export async function removeRemains(remains: readonly Remain[]): Promise<void> {
  const of = (what: Remain['what']) => remains.filter((one) => one.what === what).map(({ name }) => name);
  await Promise.all([...of('cluster').map(deleteCluster), ...(of('container').length > 0 ? [docker(['rm', '-f', '-v', ...of('container')])] : [])]);
  for (const name of of('network')) await removeNetwork(name);
}

/** A half-made node may still hang in it: one that nobody marked yet, and that can only be this run's. */
async function removeNetwork(name: string): Promise<void> {
  const attached = await must(here, ['docker', 'network', 'inspect', '-f', '{{range .Containers}}{{.Name}} {{end}}', name], { timeoutMs: 30_000 });
  const left = attached.split(' ').filter((one) => one.startsWith('regionfall-'));
  if (left.length > 0) await docker(['rm', '-f', '-v', ...left]);
  await docker(['network', 'rm', name]);
}

/** Whether a process of this machine lives. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
