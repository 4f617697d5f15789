import { hostMs, log } from '../log.ts';
import type { Database } from './config.ts';
import type { Session } from './connect.ts';
import type { Memory } from './decide.ts';
import type { Position } from './dialect.ts';
import { fence, tryFencing } from './fence.ts';
import { because, beginTerm, patienceMs, Refusal, within, type Pilot } from './pilot.ts';
import { publish } from './publish.ts';
import { followRunbook } from './runbook.ts';

const fenceLimitMs = 1_000;
// Stopping the receiver in a black hole takes a second or two: it waits for its own farewell.
const stopLimitMs = 8_000;

/** One row of misses: what has been said and done in it already, since a refused failover is tried again with every look. */
export interface Attempt {
  readonly said: Set<string>;
  /** When a person was asked, in ms of the host's monotonic clock; null before, and where nobody is. */
  askedAt: number | null;
  gaveUp: string | null;
  /** What the candidate had received when it was first stopped: promoting it with less would lose writes. */
  received: Position | null;
}

/** Says something the first time that it happens in a row of misses. */
type Once = (what: string, subject: string, shown: Readonly<Record<string, unknown>>) => void;

/** Fails over to the replica, step by step. Resolves to false when it gives up, which it says once for each reason; nothing is promoted then. */
export async function failOver(pilot: Pilot, memory: Memory, evidence: Readonly<Record<string, unknown>>, attempt: Attempt): Promise<boolean> {
  const { primary: old, replica: candidate } = pilot.roles;
  const once: Once = (what, subject, shown) => {
    if (!attempt.said.has(what)) log(what, subject, shown);
    attempt.said.add(what);
  };
  try {
    if (candidate === null) throw new Refusal('there is no replica to take over');
    once('declared dead', old.region, evidence);
    await refuseUnfit(pilot, candidate, memory);
    if (!approved(pilot, candidate, attempt, once)) return false;
    if (pilot.config.fence === 'lease' && !leaseIsOver(pilot, old, once)) return false;
    if (pilot.config.fence === 'require') await requireFence(pilot, old, candidate, once);
    else if (!attempt.said.has('fencing')) void tryFencing(pilot, old, fenceLimitMs); // side by side: a primary that does not answer holds up nothing
    attempt.said.add('fencing');
    if (pilot.config.decide === 'runbook') await byRunbook(pilot, old, candidate, attempt);
    else await takeOver(pilot, candidate, memory, attempt, once);
  } catch (error) {
    giveUp(attempt, candidate?.region ?? old.region, because(error));
    return false;
  }
  beginTerm(pilot.roles, candidate);
  Object.assign(pilot.roles, { expelled: old, fenced: false, heldBack: false });
  await publish(pilot);
  await verify(pilot, candidate);
  return true;
}

/** Whether it may be done: at once where nobody is asked, else when the person has had the time that such a person takes. The question falls with the row of misses. */
function approved(pilot: Pilot, candidate: Database, attempt: Attempt, once: Once): boolean {
  const { decide, personMs } = pilot.config;
  if (decide !== 'manual') return true;
  attempt.askedAt ??= hostMs();
  once('asked', candidate.region, { question: `promote ${candidate.region}?`, answerInMs: personMs });
  if (hostMs() - attempt.askedAt < personMs) return false;
  once('approved', candidate.region, { afterMs: Math.round(hostMs() - attempt.askedAt) });
  return true;
}

// The server looks at its lease every second, and a busy one a little later.
const leaseSlackMs = 2_000;

/** Whether the old primary has stopped by itself: its lease has run out, and it has had time to see that. */
function leaseIsOver(pilot: Pilot, old: Database, once: Once): boolean {
  const leftMs = pilot.roles.leasedAt + pilot.config.leaseMs + leaseSlackMs - hostMs();
  if (leftMs > 0) { once('lease awaited', old.region, { forMs: Math.round(leftMs) }); return false; }
  once('lease over', old.region, { note: 'it has stopped taking writes by itself' });
  return true;
}

/**
 * Rejects while the old primary has not said itself that it takes no writes any more: who cannot be asked may still be writing. One that can be asked after all is reachable,
 * and where the candidate lacks something that it has, it takes writes again instead of being left behind with them.
 */
async function requireFence(pilot: Pilot, old: Database, candidate: Database, once: Once): Promise<void> {
  try {
    once('fenced', old.region, { ...(await fence(pilot, old, fenceLimitMs)), note: 'writes refused, client connections ended' });
  } catch (error) {
    once('fence failed', old.region, { because: because(error) });
    throw new Refusal(`${old.region} cannot be fenced, and without that nothing may be promoted here (failover.fence: require): bring it back or stop it by hand`);
  }
  const { dialect } = pilot;
  const { position } = await within(pilot, old, (session) => dialect.standing(session));
  const link = await within(pilot, candidate, (session) => dialect.link(session));
  if (link !== null && dialect.holds(link, position)) return;
  await within(pilot, old, (session) => dialect.openWrites(session));
  throw new Refusal(`${old.region} was fenced, but ${candidate.region} has not all that it has: it takes writes again`);
}

/** Says once for each reason why nothing is promoted. */
export function giveUp(attempt: Attempt, subject: string, reason: string): void {
  if (attempt.gaveUp !== reason) log('gave up', subject, { because: reason });
  attempt.gaveUp = reason;
}

async function refuseUnfit(pilot: Pilot, candidate: Database, memory: Memory): Promise<void> {
  await within(pilot, candidate, async (session) => {
    const { position } = await pilot.dialect.standing(session);
    if (position === '') throw new Refusal(`${candidate.region} is empty: it holds no transaction at all`);
    await refuseErrant(pilot, candidate, memory, session);
    const link = await pilot.dialect.link(session);
    if (!link?.applying) throw new Refusal(`${candidate.region} does not apply what it receives${link?.error ? ` (${link.error})` : ''}: make it apply again without stopping its receiver, or it throws away what it holds`);
    if (memory.received !== null && !pilot.dialect.holds(link, memory.received)) throw new Refusal(`${candidate.region} held ${memory.received} when the primary was last seen, but holds only ${link.received || 'nothing'} now: promoting it would lose the rest. Bring the primary back, or promote it by hand`);
  });
}

async function refuseErrant(pilot: Pilot, candidate: Database, memory: Memory, session: Session): Promise<void> {
  const link = await pilot.dialect.link(session);
  if (link === null) throw new Refusal(`${candidate.region} follows nobody`);
  const strangers = await pilot.dialect.strangers(session, memory.standing?.server ?? link.sourceServer, memory.standing?.past ?? '');
  if (strangers.length > 0) throw new Refusal(`${candidate.region} has transactions that never came from the primary (up to ${strangers.join(', ')}): rebuild it`);
}

async function takeOver(pilot: Pilot, candidate: Database, memory: Memory, attempt: Attempt, once: Once): Promise<void> {
  const { dialect, config } = pilot;
  const { region } = candidate;
  await within(pilot, candidate, async (session) => {
    await dialect.stopReceiving(session, stopLimitMs);
    pilot.roles.heldBack = true;
    attempt.received ??= (await dialect.link(session))?.received ?? ''; // kept over tries: a restarted replica forgets what it had received
    const { received } = attempt;
    once('stopped', region, { received, note: 'receives nothing more and acknowledges nothing more' });
    if (!(await dialect.drain(session, received, config.drainTimeoutMs))) {
      const { error } = (await dialect.link(session)) ?? {};
      throw new Refusal(`${region} has not applied what it received up to ${received} within ${config.drainTimeoutMs} ms${error ? `: ${error}` : ''}`);
    }
    once('drained', region, { applied: received });
    await refuseErrant(pilot, candidate, memory, session);
    once('errant checked', region, { errant: 0, against: memory.standing?.past ?? null });
    await dialect.promote(session);
    log('promoted', region, { position: (await dialect.standing(session)).position, semiSync: 'off: it has no replica, and its commits would wait for one; until one is attached again a write is safe on one server only' });
  }, patienceMs);
}

/** Lets the team's own commands promote, once in a row of misses: nobody knows what half of them did. Rejects unless the candidate takes writes afterwards. */
async function byRunbook(pilot: Pilot, old: Database, candidate: Database, attempt: Attempt): Promise<void> {
  if (attempt.said.has('runbook')) throw new Refusal('the runbook has been run and did not promote: see what it did, and mend it by hand');
  attempt.said.add('runbook');
  pilot.roles.heldBack = true; // what it stops is not to be started again behind its back
  await followRunbook(pilot, old, candidate);
  log('promoted', candidate.region, { by: 'the runbook', position: await tryWrite(pilot, candidate) });
}

/** Tries a write of the pilot's own; the position after it. Rejects when it is not accepted. */
export function tryWrite(pilot: Pilot, database: Database): Promise<string> {
  return within(pilot, database, async (session) => {
    await pilot.dialect.tryWrite(session, pilot.config.schema, `${database.region} accepts writes`);
    return (await pilot.dialect.standing(session)).position;
  });
}

/** Tries a write of the pilot's own and logs whether it was accepted. */
export async function verify(pilot: Pilot, database: Database): Promise<void> {
  try {
    log('verified', database.region, { position: await tryWrite(pilot, database) });
  } catch (error) {
    log('verify failed', database.region, { because: because(error) });
  }
}
