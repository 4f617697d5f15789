import type { Session } from './connect.ts';
import type { Acks, Dialect, Link, Pace, Source, Standing } from './dialect.ts';
import { closeWrites } from './mariadb-close.ts';
import { rebuild, saveErrant } from './mariadb-copy.ts';
import { renewLease } from './mariadb-lease.ts';
import { errantBetween, isWithin, merge, strangersIn } from './mariadb-gtid.ts';

/** MariaDB 10.11: GTIDs are positions, one writer a domain; semi-sync is built in and waits for one replica. */
export const mariadb: Dialect = {
  engine: 'mariadb',
  async ping(session) { await session.ask('SELECT 1'); },
  standing,
  link,
  async stopReceiving(session, limitMs) { await session.ask('STOP SLAVE IO_THREAD', [], limitMs); },
  async resumeReceiving(session) { await session.ask('START SLAVE IO_THREAD'); },
  async drain(session, position, limitMs) {
    const [row] = await session.ask('SELECT MASTER_GTID_WAIT(?, ?) AS waited', [position, limitMs / 1_000], limitMs + 1_000);
    return row?.['waited'] === '0';
  },
  promote,
  follow,
  async openWrites(session) { await session.ask('SET GLOBAL read_only = 0'); },
  closeWrites,
  askForAcks,
  async releaseWaiting(session, acks) {
    // A GTID replica that reconnects asks for what comes next and never acknowledges what it already has. For the moment between the two, commits do not wait.
    await askForAcks(session, null);
    await askForAcks(session, acks);
  },
  holds(link, position) { return isWithin(position, link.received); },
  giveAcks,
  async strangers(session, sourceServer, past) { return strangersIn((await standing(session)).past, sourceServer, past); },
  async errant(old, current) { return errantBetween((await standing(old)).past, (await standing(current)).past); },
  saveErrant,
  rebuild,
  renewLease,
  async prepare(session, schema) {
    await session.ask(`CREATE DATABASE IF NOT EXISTS ${schema}`);
    await session.ask(`CREATE TABLE IF NOT EXISTS ${schema}.pilot (id INT PRIMARY KEY, note VARCHAR(255), at DOUBLE) ENGINE=InnoDB`);
  },
  async tryWrite(session, schema, note) { await session.ask(`REPLACE INTO ${schema}.pilot (id, note, at) VALUES (1, ?, UNIX_TIMESTAMP(NOW(6)))`, [note]); },
};

async function standing(session: Session): Promise<Standing> {
  const [row] = await session.ask(`SELECT @@server_id AS server, @@read_only AS closed, @@gtid_current_pos AS position, @@gtid_binlog_state AS log, @@gtid_slave_pos AS slave,
    @@rpl_semi_sync_master_enabled AS acks`);
  const status = await session.ask("SHOW GLOBAL STATUS WHERE variable_name IN ('Rpl_semi_sync_master_clients', 'Rpl_semi_sync_master_wait_sessions')");
  const countOf = (name: string) => Number(status.find((each) => each['Variable_name'] === name)?.['Value'] ?? 0);
  return {
    server: row?.['server'] ?? '',
    writable: row?.['closed'] === '0',
    position: row?.['position'] ?? '',
    // A copy starts with an empty binlog: what came with it is told by gtid_slave_pos alone.
    past: merge(row?.['log'] ?? '', row?.['slave'] ?? ''),
    asksForAcks: row?.['acks'] === '1',
    ackers: countOf('Rpl_semi_sync_master_clients'),
    waiting: countOf('Rpl_semi_sync_master_wait_sessions'),
  };
}

async function link(session: Session): Promise<Link | null> {
  const [row] = await session.ask('SHOW ALL SLAVES STATUS');
  if (!row) return null;
  const [own] = await session.ask('SELECT @@rpl_semi_sync_slave_enabled AS gives, @@read_only AS closed');
  const said = [row['Last_IO_Error'], row['Last_SQL_Error']].filter((text) => text).join('; ');
  return {
    source: `${row['Master_Host']}:${row['Master_Port']}`,
    sourceServer: row['Master_Server_Id'] ?? '',
    receiving: row['Slave_IO_Running'] === 'Yes',
    receivingState: `${row['Slave_IO_Running']}: ${row['Slave_IO_State']}`,
    progress: ['Slave_received_heartbeats', 'Master_Log_File', 'Read_Master_Log_Pos', 'Gtid_IO_Pos'].map((name) => row[name] ?? '').join('/'),
    received: row['Gtid_IO_Pos'] ?? '',
    applying: row['Slave_SQL_Running'] === 'Yes',
    broken: (row['Slave_IO_Running'] === 'No' && Boolean(row['Last_IO_Error'])) || (row['Slave_SQL_Running'] === 'No' && Boolean(row['Last_SQL_Error'])),
    givesAcks: own?.['gives'] === '1',
    writable: own?.['closed'] === '0',
    error: said || null,
  };
}

async function promote(session: Session): Promise<void> {
  await session.ask('STOP SLAVE');
  await session.ask('RESET SLAVE ALL');
  await session.ask('SET GLOBAL rpl_semi_sync_slave_enabled = 0');
  await askForAcks(session, null);
  await session.ask('SET GLOBAL read_only = 0');
}

async function follow(session: Session, source: Source, pace: Pace, demoted: boolean): Promise<void> {
  await session.ask('STOP SLAVE');
  await session.ask('SET GLOBAL slave_net_timeout = ?', [Math.max(1, Math.ceil(pace.netTimeoutMs / 1_000))]);
  await session.ask(`CHANGE MASTER TO MASTER_HOST = ?, MASTER_PORT = ?, MASTER_USER = ?, MASTER_PASSWORD = ?, MASTER_USE_GTID = slave_pos,
    MASTER_CONNECT_RETRY = 1, MASTER_HEARTBEAT_PERIOD = ?${demoted ? ', MASTER_DEMOTE_TO_SLAVE = 1' : ''}`,
  [source.host, source.port, source.user, source.password, pace.heartbeatMs / 1_000]);
  await session.ask('START SLAVE');
}

async function askForAcks(session: Session, acks: Acks | null): Promise<void> {
  if (acks) {
    await session.ask('SET GLOBAL rpl_semi_sync_master_timeout = ?', [Math.round(acks.timeoutMs)]);
    await session.ask(`SET GLOBAL rpl_semi_sync_master_wait_point = ${acks.waitPoint === 'after-sync' ? 'AFTER_SYNC' : 'AFTER_COMMIT'}`);
    await session.ask('SET GLOBAL rpl_semi_sync_master_wait_no_slave = 1');
  }
  await session.ask(`SET GLOBAL rpl_semi_sync_master_enabled = ${acks ? 1 : 0}`);
}

async function giveAcks(session: Session, on: boolean): Promise<void> {
  await session.ask(`SET GLOBAL rpl_semi_sync_slave_enabled = ${on ? 1 : 0}`);
  // At the default of 5, stopping the IO thread in a black hole takes 2 s.
  await session.ask('SET GLOBAL rpl_semi_sync_slave_kill_conn_timeout = 1');
  const now = await link(session);
  if (!now?.receiving) return;
  await session.ask('STOP SLAVE IO_THREAD');
  await session.ask('START SLAVE IO_THREAD');
}
