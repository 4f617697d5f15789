import { hostMs } from '../log.ts';
import type { Database } from './config.ts';
import type { Session } from './connect.ts';
import type { Look } from './decide.ts';
import { because, within, type Pilot } from './pilot.ts';

/** Looks at both databases at once, over new connections; never rejects, and takes no longer than the smaller of the interval and a second. */
export async function look(pilot: Pilot): Promise<Look> {
  const at = hostMs();
  const limitMs = Math.min(pilot.config.observeMs, 1_000);
  const [primary, replica] = await Promise.all([seePrimary(pilot, limitMs), seeReplica(pilot, limitMs)]);
  return { at, primary, replica };
}

async function seePrimary(pilot: Pilot, limitMs: number): Promise<Look['primary']> {
  let ok = false;
  try {
    const standing = await bounded(pilot, pilot.roles.primary, limitMs, async (session) => {
      await pilot.dialect.ping(session);
      ok = true;
      if (pilot.config.fence === 'lease') await renew(pilot, session);
      return pilot.dialect.standing(session);
    });
    return { ok, error: null, standing };
  } catch (error) {
    return { ok, error: because(error), standing: null };
  }
}

// What was sent may have arrived, whether its answer does or not: the lease counts from before it was sent.
async function renew(pilot: Pilot, session: Session): Promise<void> {
  pilot.roles.leasedAt = hostMs();
  await pilot.dialect.renewLease(session, pilot.config.schema, pilot.config.leaseMs);
}

async function seeReplica(pilot: Pilot, limitMs: number): Promise<Look['replica']> {
  const { replica } = pilot.roles;
  if (replica === null) return null;
  try {
    return { link: await bounded(pilot, replica, limitMs, (session) => pilot.dialect.link(session)), error: null };
  } catch (error) {
    return { link: undefined, error: because(error) };
  }
}

// The limit holds for connecting and all statements together.
async function bounded<T>(pilot: Pilot, database: Database, limitMs: number, work: (session: Session) => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  return within(pilot, database, async (session) => {
    const timer = setTimeout(() => session.end(), limitMs - (performance.now() - startedAt));
    try {
      return await work(session);
    } finally {
      clearTimeout(timer);
    }
  }, limitMs);
}
