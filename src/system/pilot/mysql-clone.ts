import { setTimeout as sleep } from 'node:timers/promises';
import { openSession, type Login, type Session } from './connect.ts';
import type { Position } from './dialect.ts';
import { isSubset, parseSet, saySet } from './mysql-gtid.ts';
import { needPlugin } from './mysql-plugins.ts';

const statementLimitMs = 30_000;
const cloneLimitMs = 600_000;
const restartLimitMs = 120_000;

/** Replaces all data and accounts by a clone taken while the source goes on serving, as `Dialect.rebuild` promises. The target restarts in the end: whoever supervises it must start it again. */
export async function rebuild(target: Login, source: Login): Promise<Position> {
  await within(source, (session) => needPlugin(session, 'clone'));
  await within(target, (session) => clone(session, source));
  await awaitCloned(target);
  return within(target, async (session) => {
    await session.ask('SET GLOBAL super_read_only = 1');
    await session.ask('STOP REPLICA');
    await session.ask('RESET REPLICA ALL'); // as the source once followed someone, so would its clone
    const executed = await executedOn(session);
    const held = await within(source, executedOn);
    if (!isSubset(executed, held)) throw new Error(`${target.host}:${target.port} was cloned and still has transactions that its source has not: ${saySet(executed)} against ${saySet(held)}`);
    return saySet(executed);
  });
}

async function clone(session: Session, source: Login): Promise<void> {
  await needPlugin(session, 'clone');
  await session.ask('STOP REPLICA');
  await session.ask('RESET REPLICA ALL');
  await session.ask('SET GLOBAL clone_valid_donor_list = ?', [`${source.host}:${source.port}`]);
  // CLONE drops what there is first and fails then, if super_read_only is on; clients are kept out by read_only until the server ends.
  await session.ask('SET GLOBAL super_read_only = 0');
  try {
    await session.ask(`CLONE INSTANCE FROM ?@?:${source.port} IDENTIFIED BY ?`, [source.user, source.host, source.password], cloneLimitMs);
  } catch (error) {
    // The copy is there, and the server ends to take it up; without a supervisor that it knows of, it says so first.
    if (!/not managed by supervisor|connection closed|Connection lost/i.test((error as Error).message)) {
      await session.ask('SET GLOBAL super_read_only = 1').catch(() => {});
      throw error;
    }
  }
}

async function awaitCloned(target: Login): Promise<void> {
  let said = 'it has not come back: whatever supervises it must start it again';
  for (const endsAt = performance.now() + restartLimitMs; performance.now() < endsAt; await sleep(100)) {
    const row = await within(target, async (session) => (await session.ask('SELECT state, error_no, error_message FROM performance_schema.clone_status'))[0]).catch(() => undefined);
    if (row?.['state'] === 'Completed') return;
    if (row?.['state'] === 'Failed') throw new Error(`${target.host}:${target.port}: the clone failed: ${row['error_no']} ${row['error_message']}`);
    if (row) said = `its clone is ${row['state']}`;
  }
  throw new Error(`${target.host}:${target.port} was cloned, but ${restartLimitMs / 1_000} s later ${said}`);
}

async function executedOn(session: Session) {
  return parseSet((await session.ask('SELECT @@GLOBAL.gtid_executed AS executed'))[0]?.['executed'] ?? '');
}

async function within<T>(login: Login, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(login, statementLimitMs);
  try {
    return await work(session);
  } finally {
    session.end();
  }
}
