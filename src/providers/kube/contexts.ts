import { KubeConfig, KubernetesObjectApi, PatchStrategy, Watch, type KubernetesObject } from '@kubernetes/client-node';
import { hostMs } from '../../clock.ts';

/** One cluster's API, as a context of a kubeconfig names it. */
export interface Context {
  /** Server-side apply of each object, in order, taking over fields that others own. What must exist first comes first. */
  apply(objects: readonly KubernetesObject[]): Promise<void>;
  /** The object as it is now; null where there is none. */
  read(object: Header): Promise<KubernetesObject | null>;
  /** The address of the one pod with this label. Rejects when there is none with an address. */
  podAddress(namespace: string, label: string): Promise<string>;
  /** Waits by watch until the object is as asked; rejects with `what` after `limitMs`. */
  await(object: Header, what: string, holds: (object: KubernetesObject) => boolean, limitMs: number, signal: AbortSignal): Promise<void>;
}

/** Enough to find an object. */
export interface Header { readonly apiVersion: string; readonly kind: string; readonly metadata: { readonly name: string; readonly namespace?: string } }

const manager = 'regionfall';
/** A busy API server may hang up once, seconds after it is called ready; a webhook may take as long to be there. */
const patienceMs = 45_000;

/** The API of a context of a kubeconfig file. */
export function openContext(kubeconfig: string, context: string): Context {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  config.setCurrentContext(context);
  const api = KubernetesObjectApi.makeApiClient(config);
  const read = async (object: Header): Promise<KubernetesObject | null> => again(() => api.read(header(object)).catch((error: unknown) => { if (codeOf(error) === 404) return null; throw error; }));
  return {
    async apply(objects) {
      for (const object of objects) await again(() => api.patch(object, undefined, undefined, manager, true, PatchStrategy.ServerSideApply));
    },
    read,
    async podAddress(namespace, label) {
      const { items } = await again(() => api.list<KubernetesObject & { status?: { podIP?: string } }>('v1', 'Pod', namespace, undefined, undefined, undefined, undefined, label));
      const address = items.find((pod) => pod.metadata?.deletionTimestamp === undefined && pod.status?.podIP !== undefined)?.status?.podIP;
      if (address === undefined) throw new Error(`${context}: no pod ${label} in ${namespace} has an address`);
      return address;
    },
    async await(object, what, holds, limitMs, signal) {
      const end = hostMs() + limitMs;
      for (;;) {
        signal.throwIfAborted();
        const now = await read(object);
        if (now !== null && holds(now)) return;
        if (hostMs() >= end) throw new Error(`${context}: ${what} within ${limitMs / 1_000} s did not come about: ${sayStatus(now)}`);
        await oneChange(config, object, Math.min(end - hostMs(), 5_000), signal);
      }
    },
  };
}

function header(object: Header) {
  return { ...object, metadata: { ...object.metadata } } as { apiVersion: string; kind: string; metadata: { name: string; namespace: string } };
}

/** Waits for the next change of an object, or until `limitMs` is over; a watch that breaks off is a change like another. */
async function oneChange(config: KubeConfig, { apiVersion, kind, metadata }: Header, limitMs: number, signal: AbortSignal): Promise<void> {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const path = `${root}${metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`}/${kind.toLowerCase()}s`;
  let stop = (): void => {};
  const changed = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, limitMs);
    stop = () => { clearTimeout(timer); resolve(); };
    signal.addEventListener('abort', stop, { once: true });
  });
  const first = { seen: false };
  // The first event repeats what is there already.
  const watching = await new Watch(config).watch(path, { fieldSelector: `metadata.name=${metadata.name}` }, () => { if (first.seen) stop(); first.seen = true; }, () => stop()).catch(() => null);
  if (watching === null) await new Promise((resolve) => { setTimeout(resolve, 300); }); else await changed;
  signal.removeEventListener('abort', stop);
  stop();
  watching?.abort();
}

async function again<T>(act: () => Promise<T>): Promise<T> {
  const end = hostMs() + patienceMs;
  for (;;) {
    try { return await act(); } catch (error) {
      const code = codeOf(error);
      const maySettle = code === undefined || code === 429 || code >= 500 || code === 404 || code === 403;
      if (!maySettle || hostMs() >= end) throw new Error(sayTrouble(error), { cause: error });
    }
    await new Promise((resolve) => { setTimeout(resolve, 300); });
  }
}

function codeOf(error: unknown): number | undefined {
  return (error as { code?: unknown }).code as number | undefined;
}

function sayTrouble(error: unknown): string {
  const body = (error as { body?: unknown }).body;
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  try { return (JSON.parse(text) as { message: string }).message; } catch { return error instanceof Error ? error.message.slice(0, 500) : String(error); }
}

function sayStatus(object: KubernetesObject | null): string {
  return object === null ? 'it is not there' : JSON.stringify((object as { status?: unknown }).status ?? {}).slice(0, 500);
}

/** Whether a Deployment or StatefulSet runs what was last asked of it, whole. */
export function isRolledOut(object: KubernetesObject): boolean {
  const { spec, status, metadata } = object as { spec?: { replicas?: number }; status?: Record<string, number>; metadata?: { generation?: number } };
  const wanted = spec?.replicas ?? 1;
  const ready = (status?.['readyReplicas'] ?? 0) >= wanted && (status?.['updatedReplicas'] ?? 0) >= wanted && (status?.['replicas'] ?? 0) === wanted;
  return ready && (status?.['observedGeneration'] ?? 0) >= (metadata?.generation ?? 0);
}
