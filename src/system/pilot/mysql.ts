import type { Session } from './connect.ts';
import type { Acks, Dialect, Errant, Source, Pace, Standing } from './dialect.ts';
import { closeWrites } from './mysql-close.ts';
import { rebuild } from './mysql-clone.ts';
import { countSet, isSubset, parseOwned, parseSet, saySet, subtract, unite, uuidOf } from './mysql-gtid.ts';
import { renewLease } from './mysql-lease.ts';
import { link } from './mysql-link.ts';
import { hasPlugin, needPlugin, withAdminOpen } from './mysql-plugins.ts';
import { saveErrant } from './mysql-save.ts';

/** MySQL 8.4 and 9: GTIDs are sets, replicas ask by auto position, semi-sync comes as plugins and waits for one replica. Tried on 9.7; 8.4 knows the same statements and is untried. */
export const mysql: Dialect = {
  engine: 'mysql',
  async ping(session) { await session.ask('SELECT 1'); },
  standing,
  link,
  async stopReceiving(session, limitMs) { await session.ask('STOP REPLICA IO_THREAD', [], limitMs); },
  async resumeReceiving(session) { await session.ask('START REPLICA IO_THREAD'); },
  async drain(session, position, limitMs) {
    const [row] = await session.ask('SELECT WAIT_FOR_EXECUTED_GTID_SET(?, ?) AS waited', [position, limitMs / 1_000], limitMs + 1_000);
    return row?.['waited'] === '0';
  },
  promote,
  follow,
  openWrites,
  closeWrites,
  askForAcks,
  async releaseWaiting(session, acks) {
    // A replica that reconnects asks for what it lacks and never acknowledges what it already has. For the moment between the two, commits do not wait.
    await askForAcks(session, null);
    await askForAcks(session, acks);
  },
  holds(link, position) { return isSubset(parseSet(position), parseSet(link.received)); },
  giveAcks,
  async strangers(session, sourceServer, past) {
    const foreign = subtract(parseSet((await standing(session)).past), parseSet(past));
    return [...foreign].filter(([origin]) => uuidOf(origin) !== sourceServer.toLowerCase()).map((entry) => saySet(new Map([entry])));
  },
  async errant(old, current) { return errantBetween((await standing(old)).past, (await standing(current)).past); },
  saveErrant,
  rebuild,
  renewLease,
  async prepare(session, schema, acks) {
    if (acks) await needPlugin(session, 'rpl_semi_sync_source'); // a replica is taken for one that acknowledges only if the plugin is there when it attaches
    await withAdminOpen(session, async () => {
      await session.ask(`CREATE DATABASE IF NOT EXISTS ${schema}`);
      await session.ask(`CREATE TABLE IF NOT EXISTS ${schema}.pilot (id INT PRIMARY KEY, note VARCHAR(255), at DOUBLE) ENGINE=InnoDB`);
    });
  },
  async tryWrite(session, schema, note) { await session.ask(`REPLACE INTO ${schema}.pilot (id, note, at) VALUES (1, ?, UNIX_TIMESTAMP(NOW(6)))`, [note]); },
};

async function standing(session: Session): Promise<Standing> {
  // Owned before executed: what is committed in between is then in both, not in neither.
  const [row] = await session.ask('SELECT @@GLOBAL.gtid_owned AS owned, @@GLOBAL.gtid_executed AS executed, @@GLOBAL.server_uuid AS server, @@GLOBAL.read_only AS closed');
  const [acks] = await session.ask("SHOW GLOBAL VARIABLES LIKE 'rpl_semi_sync_source_enabled'");
  const status = await session.ask("SHOW GLOBAL STATUS WHERE Variable_name IN ('Rpl_semi_sync_source_clients', 'Rpl_semi_sync_source_wait_sessions')");
  const countOf = (name: string) => Number(status.find((each) => each['Variable_name'] === name)?.['Value'] ?? 0);
  // A commit that waits for its ack under after-sync is in the binary log, but executed only afterwards: until then its thread owns it.
  const position = saySet(unite(parseSet(row?.['executed'] ?? ''), parseOwned(row?.['owned'] ?? '')));
  return {
    server: (row?.['server'] ?? '').toLowerCase(),
    // Not super_read_only: that one says 1 from the moment it is asked for, read_only when it holds.
    writable: row?.['closed'] === '0',
    position,
    past: position,
    asksForAcks: acks?.['Value'] === 'ON',
    ackers: countOf('Rpl_semi_sync_source_clients'),
    waiting: countOf('Rpl_semi_sync_source_wait_sessions'),
  };
}

/** What one server has and the other, with `theirs`, has not. `after`: all that both have. */
export function errantBetween(mine: string, theirs: string): Errant {
  const [ours, others] = [parseSet(mine), parseSet(theirs)];
  const own = subtract(ours, others);
  const ranges = [...own].flatMap(([origin, runs]) => runs.map(([from, to]) => `${origin.replace(':', '.')}-${from}..${to}`));
  // A file's name ends at 255 bytes.
  const range = ranges.length > 3 ? [...ranges.slice(0, 3), `and-${ranges.length - 3}-more`].join('_') : ranges.join('_');
  return { count: countSet(own), range, after: saySet(subtract(ours, own)), from: [...new Set([...own.keys()].map(uuidOf))] };
}

async function openWrites(session: Session): Promise<void> {
  await session.ask('SET GLOBAL super_read_only = 0');
  await session.ask('SET GLOBAL read_only = 0');
}

async function promote(session: Session): Promise<void> {
  await session.ask('STOP REPLICA');
  await session.ask('RESET REPLICA ALL');
  if (await hasPlugin(session, 'rpl_semi_sync_replica')) await session.ask('SET GLOBAL rpl_semi_sync_replica_enabled = 0');
  await askForAcks(session, null);
  await openWrites(session);
}

async function follow(session: Session, source: Source, pace: Pace): Promise<void> {
  await session.ask('SET GLOBAL super_read_only = 1');
  await session.ask('STOP REPLICA');
  await session.ask('SET GLOBAL replica_net_timeout = ?', [Math.max(1, Math.ceil(pace.netTimeoutMs / 1_000))]);
  // Without retries without end a replica gives up for good after ten (the default since 8.4). Without TLS, caching_sha2_password needs the source's public key.
  await session.ask(`CHANGE REPLICATION SOURCE TO SOURCE_HOST = ?, SOURCE_PORT = ?, SOURCE_USER = ?, SOURCE_PASSWORD = ?, SOURCE_AUTO_POSITION = 1,
    SOURCE_CONNECT_RETRY = 1, SOURCE_RETRY_COUNT = 0, SOURCE_HEARTBEAT_PERIOD = ?, GET_SOURCE_PUBLIC_KEY = 1`,
  [source.host, source.port, source.user, source.password, pace.heartbeatMs / 1_000]);
  await session.ask('START REPLICA');
}

async function askForAcks(session: Session, acks: Acks | null): Promise<void> {
  if (!acks) {
    if (await hasPlugin(session, 'rpl_semi_sync_source')) await session.ask('SET GLOBAL rpl_semi_sync_source_enabled = 0');
    return;
  }
  await needPlugin(session, 'rpl_semi_sync_source');
  await session.ask('SET GLOBAL rpl_semi_sync_source_timeout = ?', [Math.round(acks.timeoutMs)]);
  await session.ask(`SET GLOBAL rpl_semi_sync_source_wait_point = ${acks.waitPoint === 'after-sync' ? 'AFTER_SYNC' : 'AFTER_COMMIT'}`);
  await session.ask('SET GLOBAL rpl_semi_sync_source_wait_for_replica_count = 1');
  await session.ask('SET GLOBAL rpl_semi_sync_source_wait_no_replica = 1');
  await session.ask('SET GLOBAL rpl_semi_sync_source_enabled = 1');
}

async function giveAcks(session: Session, on: boolean): Promise<void> {
  if (on) {
    await needPlugin(session, 'rpl_semi_sync_replica');
    await needPlugin(session, 'rpl_semi_sync_source'); // for the day it is the primary
  } else if (!(await hasPlugin(session, 'rpl_semi_sync_replica'))) return;
  await session.ask(`SET GLOBAL rpl_semi_sync_replica_enabled = ${on ? 1 : 0}`);
  const now = await link(session);
  if (!now?.receiving) return;
  await session.ask('STOP REPLICA IO_THREAD');
  await session.ask('START REPLICA IO_THREAD');
}
