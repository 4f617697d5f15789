import type { Ask } from '../../census.ts';
import { must } from '../../exec.ts';
import type { Place } from '../../topology.ts';
import { accounts } from './accounts.ts';
import type { Cluster } from './kind.ts';
import { inPod, pidOf } from './pods.ts';

/** Statements through the engine's own client, inside the database's container and over its socket, which no cut reaches. */
export function asker(clusters: ReadonlyMap<Place, Cluster>, client: readonly string[]): Ask {
  return async (region, sql, signal, named = false) => {
    const cluster = clusters.get(region);
    if (!cluster) throw new Error(`there is no region "${region}"`);
    const argv = ['env', `MYSQL_PWD=${accounts.root.password}`, ...client, '-uroot', '-B', ...(named ? [] : ['-N']), accounts.schema];
    const out = await must(inPod(cluster, await pidOf(cluster, 'mysql')), argv, { input: sql, timeoutMs: 15_000, ...(signal ? { signal } : {}) });
    return out.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
  };
}
