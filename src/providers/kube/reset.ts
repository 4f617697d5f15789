import type { Ask } from '../../census.ts';
import { must } from '../../exec.ts';
import type { Place } from '../../topology.ts';
import { accounts } from './accounts.ts';
import { table } from './firewall.ts';
import type { Cluster } from './kind.ts';
import { inPod, pidOf } from './pods.ts';

/** Takes back all that an earlier run may have left in a cluster that was kept: cuts, programs held down or frozen, watchdogs. Rejects where a program does not come back. */
export async function releaseCluster(cluster: Cluster): Promise<void> {
  await must(cluster.node, ['sh'], { timeoutMs: 30_000, input: `for one in /run/regionfall-watchdog*.pid; do kill -9 -"$(cat "$one" 2>/dev/null)" 2>/dev/null; done
rm -f /run/regionfall-watchdog*
nft delete table ${table} 2>/dev/null
true
` });
  for (const container of ['app', 'mysql', 'gateway'] as const) {
    const inside = inPod(cluster, await pidOf(cluster, container));
    await must(inside, ['sh', '-c', 'rm -f /dev/shm/held; kill -CONT -1; true'], { timeoutMs: 20_000 });
  }
}

// A cluster that was kept from before there were registers gets its table.
const emptying = `STOP REPLICA; RESET REPLICA ALL;
SET GLOBAL rpl_semi_sync_source_enabled = 0; SET GLOBAL rpl_semi_sync_replica_enabled = 0;
SET GLOBAL super_read_only = 0;
CREATE TABLE IF NOT EXISTS ${accounts.schema}.registers (name VARCHAR(64) NOT NULL, slot INT NOT NULL, value VARCHAR(96) NOT NULL, over_value VARCHAR(96), before_value VARCHAR(96), served_by VARCHAR(64) NOT NULL, at DOUBLE NOT NULL, PRIMARY KEY (name, slot)) ENGINE=InnoDB;
TRUNCATE ${accounts.schema}.orders; TRUNCATE ${accounts.schema}.registers; TRUNCATE ${accounts.schema}.pilot;
RESET BINARY LOGS AND GTIDS;
SET GLOBAL super_read_only = 1;`;
const looking = `SELECT @@GLOBAL.gtid_executed, @@GLOBAL.super_read_only, (SELECT COUNT(*) FROM ${accounts.schema}.orders), (SELECT COUNT(*) FROM performance_schema.replication_connection_configuration)`;

/** Makes a region's database what it was when it was new: no rows, no transactions, nobody's replica, read-only. Rejects where a look afterwards finds anything else. */
export async function emptyDatabase(ask: Ask, region: Place, signal: AbortSignal): Promise<void> {
  for (let tries = 0; ; tries++) {
    try { await ask(region, emptying, signal); break; } catch (error) {
      signal.throwIfAborted();
      if (tries >= 50) throw error; // it has just been started again, perhaps
      await new Promise((resolve) => { setTimeout(resolve, 200); });
    }
  }
  const [found = []] = await ask(region, looking, signal);
  if (found.join('|') !== '|1|0|0') throw new Error(`${region}: the database is not as new: ${found.join(' ')} (transactions, read-only, rows, sources)`);
}
