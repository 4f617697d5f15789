import { createHash } from 'node:crypto';
import type { Place } from '../../topology.ts';

/** Docker labels by which everything of a run is found, with no memory of who started it. */
export const labels = { run: 'regionfall.run', harness: 'regionfall.harness', kept: 'regionfall.kept' } as const;
/** The file in a node that says whose cluster it is. Without it a cluster is not ours. */
export const marker = '/kind/regionfall.json';

/** By what a run names its things. Clusters that are kept have one name for all runs. */
export interface Named { readonly id: string; readonly keep?: boolean }

/** What every name of a run begins with: short, because a kind cluster's name becomes a host name. */
export function stem({ id, keep }: Named): string {
  return keep === true ? 'regionfall-kept' : `regionfall-${createHash('sha256').update(id).digest('hex').slice(0, 5)}`;
}

/** The name of a region's cluster. */
export const clusterOf = (run: Named, region: Place): string => `${stem(run)}-${region}`;
/** The name of the container that is a cluster's one node. */
export const nodeOf = (cluster: string): string => `${cluster}-control-plane`;
/** The name of a container of the edge. */
export const edgeName = (run: Named, role: string): string => `${stem(run)}-edge-${role}`;
/** The name of the container network of a run. */
export const networkOf = (run: Named): string => stem(run);
