import { must, through, type Exec } from '../../exec.ts';
import type { ControlPart } from '../../topology.ts';
import type { Cluster } from './kind.ts';

/** The containers of a region that are reached by name. */
export type Container = 'app' | 'mysql' | 'agent' | 'gateway' | ControlPart;
/** A gateway's container is called as every proxy is. */
const namedAs: Readonly<Record<Container, readonly [pod: string, container: string]>> = {
  app: ['app', 'app'], mysql: ['mysql', 'mysql'], agent: ['agent', 'agent'], gateway: ['gateway', 'istio-proxy'],
  'api-server': ['kube-apiserver', 'kube-apiserver'], istiod: ['istiod', 'discovery'],
};

/** Pid, in the node, of the first process of a container; asked of containerd, so that it is known while the API server is cut off. Rejects when it does not run. */
export async function pidOf(cluster: Cluster, container: Container): Promise<number> {
  const [pod, name] = namedAs[container];
  const script = `id=$(ctr -n k8s.io containers ls 'labels."io.kubernetes.container.name"==${name}' | awk 'NR > 1 { print $1 }')
for one in $id; do
  case $(ctr -n k8s.io containers info $one | tr -d ' "' | sed -n 's/^io.kubernetes.pod.name://p' | head -1) in ${pod}-*) ctr -n k8s.io tasks ls | awk -v id=$one '$1 == id && $3 == "RUNNING" { print $2 }';; esac
done`;
  const pid = Number((await must(cluster.node, ['sh'], { input: script, timeoutMs: 30_000 })).split('\n').filter((line) => line !== '').at(-1));
  if (!Number.isInteger(pid) || pid < 1) throw new Error(`${cluster.region}: no ${container} runs`);
  return pid;
}

/** A place to run commands: the agent's programs in the network of another pod of its region, as the user whose traffic the pod's proxy lets pass. */
export function inNetworkOf(cluster: Cluster, pid: number, agentPid: number): Exec {
  return through(['nsenter', '-t', String(pid), '-n', '--', 'nsenter', '-t', String(agentPid), '-m', '-p', '-S', proxyUser, '-G', proxyUser, '--'], cluster.node);
}

/** Istio's own user in every pod of the mesh. */
const proxyUser = '1337';

/** The same place, ahead of everything else there: in real time where that is allowed to containers, else by as much as its processes may be preferred to each other. */
export async function aheadOf(place: Exec, chrt = 'chrt'): Promise<Exec> {
  for (const prefix of [[chrt, '--rr', '1'], ['nice', '-n', '-19']]) {
    if ((await place.run([...prefix, 'true'], { timeoutMs: 30_000 })).code === 0) return through(prefix, place);
  }
  return place;
}

/** A place to run commands: inside the container of that pid, by way of the node. */
export function inPod(cluster: Pick<Cluster, 'node'>, pid: number): Exec {
  return through(['nsenter', '-t', String(pid), '-m', '-n', '-p', '-i', '-u', '--'], cluster.node);
}
