import { setTimeout as sleep } from 'node:timers/promises';
import type { Row, Session } from './connect.ts';

/** Refuses clients' writes from now on, as `Dialect.closeWrites` promises. */
export async function closeWrites(one: Session, other: Session, sparing: readonly string[], graceMs: number, limitMs: number): Promise<number> {
  // First in line for the global lock: from here on no other write gets as far as a commit, and one that is already waiting for its ack blocks only us.
  let closed = false;
  const closing = one.ask('SET GLOBAL read_only = 1', [], limitMs).then(() => { closed = true; });
  closing.catch(() => {});
  const endsAt = performance.now() + graceMs;
  while (!closed && (performance.now() < endsAt || !(await isQueued(other, one.id)))) {
    await sleep(5);
    if (performance.now() > endsAt + limitMs) break;
  }
  let ended = await killClients(other, sparing);
  await closing;
  ended += await killClients(other, sparing); // who slipped in meanwhile was refused; now nobody waits for an ack any more
  await other.ask('SET GLOBAL rpl_semi_sync_master_enabled = 0');
  return ended;
}

async function isQueued(session: Session, id: number): Promise<boolean> {
  const [row] = await session.ask('SELECT state FROM information_schema.processlist WHERE id = ?', [id]);
  return /^Waiting for .*lock/.test(row?.['state'] ?? '');
}

async function killClients(session: Session, sparing: readonly string[]): Promise<number> {
  const all = await session.ask(`SELECT id, user, state FROM information_schema.processlist
    WHERE id <> CONNECTION_ID() AND command NOT IN ('Binlog Dump', 'Daemon') AND command NOT LIKE 'Slave%'`);
  const clients = all.filter((row) => !['system user', 'event_scheduler', 'unauthenticated user', ...sparing].includes(row['user'] ?? ''));
  // Who waits for an ack leads a group of commits: killed first, it would let the others of its group be acked without a replica.
  const leads = (row: Row) => /semi-sync/i.test(row['state'] ?? '');
  const order = [...clients.filter((row) => !leads(row)), ...clients.filter(leads)];
  let ended = 0;
  for (const row of order) {
    try {
      await session.ask(`KILL HARD CONNECTION ${Number(row['id'])}`);
      ended += 1;
    } catch (error) {
      if (!/Unknown thread/i.test((error as Error).message)) throw error; // gone by itself
    }
  }
  return ended;
}
