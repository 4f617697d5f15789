import type { Session } from './connect.ts';
import type { Link } from './dialect.ts';
import { parseSet, saySet, unite } from './mysql-gtid.ts';

/** How a MySQL replica stands, as `Dialect.link` promises. Rejects where the server counts no heartbeats. */
export async function link(session: Session): Promise<Link | null> {
  const [row] = await session.ask('SHOW REPLICA STATUS');
  if (!row) return null;
  const [own] = await session.ask('SELECT @@GLOBAL.read_only AS closed, @@GLOBAL.performance_schema AS counts');
  if (own?.['counts'] !== '1') throw new Error('performance_schema is off: only there MySQL tells of heartbeats, and without them a link that is idle looks like one that is dead. Start the server with performance_schema=ON');
  const [heard] = await session.ask('SELECT count_received_heartbeats AS beats FROM performance_schema.replication_connection_status WHERE channel_name = ?', [row['Channel_Name'] ?? '']);
  const [acks] = await session.ask("SHOW GLOBAL VARIABLES LIKE 'rpl_semi_sync_replica_enabled'");
  const said = [row['Last_IO_Error'], row['Last_SQL_Error']].filter((text) => text).join('; ');
  return {
    source: `${row['Source_Host']}:${row['Source_Port']}`,
    sourceServer: (row['Source_UUID'] ?? '').toLowerCase(),
    receiving: row['Replica_IO_Running'] === 'Yes',
    receivingState: `${row['Replica_IO_Running']}: ${row['Replica_IO_State']}`,
    progress: [heard?.['beats'], row['Source_Log_File'], row['Read_Source_Log_Pos'], row['Retrieved_Gtid_Set']].map((each) => each ?? '').join('/'),
    // Its relay log is thrown away when it is told to follow anew: what it has applied counts, too.
    received: saySet(unite(parseSet(row['Retrieved_Gtid_Set'] ?? ''), parseSet(row['Executed_Gtid_Set'] ?? ''))),
    applying: row['Replica_SQL_Running'] === 'Yes',
    broken: (row['Replica_IO_Running'] === 'No' && Boolean(row['Last_IO_Error'])) || (row['Replica_SQL_Running'] === 'No' && Boolean(row['Last_SQL_Error'])),
    givesAcks: acks?.['Value'] === 'ON',
    writable: own['closed'] === '0',
    error: said || null,
  };
}
