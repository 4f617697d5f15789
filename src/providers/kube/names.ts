import { createHash } from 'node:crypto';
import type { Place } from '../../topology.ts';

/** Docker labels by which everything of a run is found, with no memory of who started it. */
export const labels = { run: 'regionfall.run', harness: 'regionfall.harness' } as const;
/** The file in a node that says whose cluster it is: `{ "run": ..., "harness": pid }`. Without it a cluster is not ours. */
export const marker = '/kind/regionfall.json';

/** What every name of a run begins with: short, because a kind cluster's name becomes a host name. */
export function stem(runId: string): string {
  return `regionfall-${createHash('sha256').update(runId).digest('hex').slice(0, 6)}`;
}

export const clusterOf = (runId: string, region: Place): string => `${stem(runId)}-${region}`;
export const nodeOf = (cluster: string): string => `${cluster}-control-plane`;
export const edgeName = (runId: string, role: string): string => `${stem(runId)}-edge-${role}`;
export const networkOf = (runId: string): string => stem(runId);
