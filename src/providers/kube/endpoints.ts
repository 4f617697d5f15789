import { KubeConfig, Watch } from '@kubernetes/client-node';
import { hostMs } from '../../clock.ts';
import type { Mark } from '../../history.ts';
import type { Cluster } from './kind.ts';

/** What of an EndpointSlice is read. */
export interface Slice { readonly metadata?: { readonly name?: string }; readonly endpoints?: readonly { readonly addresses?: readonly string[]; readonly conditions?: { readonly ready?: boolean } }[] }

/** Which addresses of a slice are ready. */
export function readyIn(slice: Slice): ReadonlySet<string> {
  return new Set((slice.endpoints ?? []).flatMap(({ addresses = [], conditions }) => (conditions?.ready === false ? [] : addresses)));
}

/** How long a watch that broke off rests before it is opened again (ms), as while the API server is stalled. */
const restMs = 1_000;

/** Within how long a busy API server tells of a change (ms); an open watch says nothing of when it was. */
const deliveredMs = 1_000;

/** Watches what a cluster itself says of the app's endpoints, and tells each change as a mark. A watch that breaks off is opened again; what changed meanwhile is told late, with that much more error. */
export function watchEndpoints(cluster: Cluster, service: string, originMs: number, sink: (mark: Mark) => void): { stop(): Promise<void> } {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  config.setCurrentContext(cluster.context);
  const known = new Map<string, ReadonlySet<string>>();
  let [stopped, brokeAt] = [false, hostMs()];
  let current: AbortController | null = null;
  const hear = (type: string, slice: Slice): void => {
    const [name, now] = [slice.metadata?.name ?? '', type === 'DELETED' ? new Set<string>() : readyIn(slice)];
    const before = known.get(name);
    known.set(name, now);
    const at = hostMs();
    // A slice that is known and is added again was listed anew: what changed did so since the watch broke off.
    const errorMs = type === 'ADDED' ? at - brokeAt : deliveredMs;
    for (const { what, address } of before === undefined ? [] : changesOf(before, now)) {
      sink({ kind: 'mark', at: at - originMs, who: `kubernetes/${cluster.region}`, what, subject: `${cluster.region}/${service}`, errorMs, evidence: { address } });
    }
  };
  const follow = async (): Promise<void> => {
    while (!stopped) {
      await new Promise<void>((resolve) => {
        new Watch(config).watch('/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices', { labelSelector: `kubernetes.io/service-name=${service}` }, hear, () => resolve())
          .then((controller) => { current = controller; if (stopped) controller.abort(); }, () => resolve());
      });
      brokeAt = hostMs();
      if (!stopped) await new Promise((resolve) => { setTimeout(resolve, restMs); });
    }
  };
  void follow();
  return { stop: async () => { stopped = true; current?.abort(); } };
}

function changesOf(before: ReadonlySet<string>, now: ReadonlySet<string>): { readonly what: 'endpoint ready' | 'endpoint not ready'; readonly address: string }[] {
  return [
    ...[...before].filter((address) => !now.has(address)).map((address) => ({ what: 'endpoint not ready' as const, address })),
    ...[...now].filter((address) => !before.has(address)).map((address) => ({ what: 'endpoint ready' as const, address })),
  ];
}
