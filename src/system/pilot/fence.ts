import { log } from '../log.ts';
import type { Database } from './config.ts';
import { openSession } from './connect.ts';
import { because, loginOf, spared, type Pilot } from './pilot.ts';

/** What a fenced database was found to be. */
export interface Fenced { readonly wasWritable: boolean; readonly ended: number }

/** Makes a database refuse its clients' writes and ends their connections, so that no commit is acked that no replica has; all within `limitMs`, or it rejects. */
export async function fence(pilot: Pilot, database: Database, limitMs: number, graceMs = 0): Promise<Fenced> {
  const login = loginOf(pilot, database);
  const opening = [openSession(login, limitMs), openSession(login, limitMs)] as const;
  let late = false;
  const end = () => { late = true; for (const one of opening) one.then((session) => session.end(), () => {}); };
  const timer = setTimeout(end, limitMs);
  try {
    const [one, other] = await Promise.all(opening);
    const { writable, asksForAcks } = await pilot.dialect.standing(other);
    if (!writable && !asksForAcks) return { wasWritable: false, ended: 0 };
    const ended = await pilot.dialect.closeWrites(one, other, spared(pilot.config), graceMs, limitMs);
    const after = await pilot.dialect.standing(other);
    if (after.writable) throw new Error(`${database.host}:${database.port}: still accepts writes`);
    // It is fenced without this; what does not get done in time is left to the next attempt.
    if (after.asksForAcks) await pilot.dialect.askForAcks(other, null).catch(() => {});
    return { wasWritable: writable, ended };
  } catch (error) {
    throw late ? new Error(`${database.host}:${database.port}: not done within ${limitMs} ms (${because(error)})`) : error;
  } finally {
    clearTimeout(timer);
    end();
  }
}

/** One attempt on a primary that was declared dead; logs how it went and never rejects. */
export async function tryFencing(pilot: Pilot, database: Database, limitMs: number): Promise<boolean> {
  try {
    log('fenced', database.region, { ...(await fence(pilot, database, limitMs)), note: 'writes refused, client connections ended' });
    return true;
  } catch (error) {
    log('fence failed', database.region, { because: because(error) });
    return false;
  }
}

/** One more attempt on the expelled primary, for the day it returns: says so when it is fenced, and is silent while it cannot be reached. */
export async function keepFenced(pilot: Pilot): Promise<void> {
  const { expelled } = pilot.roles;
  if (expelled === null) return;
  try {
    const found = await fence(pilot, expelled, 1_000);
    // An operation may have taken it back in the meantime.
    if (pilot.roles.expelled !== expelled) return;
    if (!pilot.roles.fenced || found.wasWritable) log('fenced', expelled.region, { ...found, note: found.wasWritable ? 'writes refused, client connections ended' : 'it refused writes already' });
    pilot.roles.fenced = true;
  } catch {
    // Still out of reach, or gone again: it may come back writable.
    pilot.roles.fenced = false;
  }
}
