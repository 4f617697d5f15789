import { setTimeout as sleep } from 'node:timers/promises';
import type { Row, Session } from './connect.ts';

/** Refuses clients' writes from now on, as `Dialect.closeWrites` promises. The order matters: a commit that waits for its ack ends only with an ack or without semi-sync, and
 *  KILL does not wake it but closes its client's socket at once. So first nobody new may commit, then nobody who waits can be told, and only then the waiting ends. */
export async function closeWrites(one: Session, other: Session, sparing: readonly string[], graceMs: number, limitMs: number): Promise<number> {
  let closed = false;
  // First in line for the global lock, or for the one that commits take: it is held by those who wait for acks, and who comes later waits behind us.
  const closing = one.ask('SET GLOBAL super_read_only = 1', [], limitMs).then(() => { closed = true; });
  closing.catch(() => {});
  const endsAt = performance.now() + graceMs;
  while (!closed && (performance.now() < endsAt || !(await isQueued(other, one.id)))) {
    await sleep(5);
    if (performance.now() > endsAt + limitMs) throw new Error(`nothing was changed: SET GLOBAL super_read_only neither took effect nor waits for a lock after ${limitMs} ms`);
  }
  let ended = await killClients(other, sparing);
  // With a replica attached this takes up to a second, until the receiver of acks has noticed: not where nobody waits for it.
  if (!closed) await other.ask('SET GLOBAL rpl_semi_sync_source_enabled = 0').catch((error: unknown) => { if (!/Unknown system variable/i.test((error as Error).message)) throw error; });
  await closing;
  ended += await killClients(other, sparing); // who slipped in meanwhile was refused; now nobody is told anything any more
  return ended;
}

async function isQueued(session: Session, id: number): Promise<boolean> {
  const all = await session.ask('SHOW PROCESSLIST');
  return /^Waiting for .*lock/.test(all.find((row) => row['Id'] === String(id))?.['State'] ?? '');
}

async function killClients(session: Session, sparing: readonly string[]): Promise<number> {
  const [own] = await session.ask('SELECT CONNECTION_ID() AS id');
  const isClient = (row: Row) => row['Id'] !== own?.['id'] && !/^(Binlog Dump|Daemon)/.test(row['Command'] ?? '') && ![...servers, ...sparing].includes(row['User'] ?? '');
  let ended = 0;
  for (const row of (await session.ask('SHOW PROCESSLIST')).filter(isClient)) {
    try {
      await session.ask(`KILL CONNECTION ${Number(row['Id'])}`);
      ended += 1;
    } catch (error) {
      if (!/Unknown thread/i.test((error as Error).message)) throw error; // gone by itself
    }
  }
  return ended;
}

/** What threads of the server's own, and clients that have not said yet who they are, call themselves. */
const servers: readonly string[] = ['system user', 'event_scheduler', 'unauthenticated user'];
