import { hostMs, log } from '../log.ts';
import { verify } from './act.ts';
import { attach, catchUp } from './attach.ts';
import type { Database } from './config.ts';
import { openSession, type Session } from './connect.ts';
import { fence } from './fence.ts';
import { acksOf, because, beginTerm, loginOf, patienceMs, Refusal, spared, within, type Pilot } from './pilot.ts';
import { publish, tell } from './publish.ts';

const nearLimitMs = 10_000;
const lastLimitMs = 3_000;
// Statements under way when writes close may end by themselves for so long.
const graceMs = 300;

/** What a move came to: `pauseMs`, how long nobody accepted writes. */
export interface Moved { readonly said: string; readonly pauseMs: number }

/** Moves the primary's part back to the region that had it first. */
export function failBack(pilot: Pilot): Promise<Moved> {
  return moveTo(pilot, 'primary');
}

/** Moves the primary's part to the standby, as planned work does. */
export function switchOver(pilot: Pilot): Promise<Moved> {
  return moveTo(pilot, 'standby');
}

/** With both alive: nothing acked is lost, and writes are refused only for the last step. Undone when the target cannot take over in time. */
async function moveTo(pilot: Pilot, role: Database['role']): Promise<Moved> {
  const { roles, config } = pilot;
  const { primary: current, replica: target } = roles;
  const wanted = config.databases.find((one) => one.role === role) as Database;
  if (current.region === wanted.region) throw new Refusal(`${wanted.region} is the primary already: there is nothing to move`);
  if (target === null || target.region !== wanted.region) throw new Refusal(`${wanted.region} does not follow ${current.region}: ask POST /rejoin first`);
  await refuseUnready(pilot, target);
  // All that may be slow happens while writes still flow.
  await catchUp(pilot, target, current, nearLimitMs);
  const pauseMs = await handOver(pilot, current, target);
  beginTerm(roles, target);
  const named = await publish(pilot);
  await verify(pilot, target);
  await attach(pilot, current, target, true).catch((error: unknown) => {
    Object.assign(roles, { expelled: current, fenced: false });
    throw new Refusal(`${target.region} is the primary now, but ${current.region} does not follow it: ${because(error)}. Ask POST /rejoin`);
  });
  roles.replica = current;
  log('switched over', target.region, { pauseMs, from: current.region, namePublished: named });
  await release(pilot, target);
  return { said: `${target.region} is the primary now, writes were refused for ${pauseMs.toFixed(0)} ms`, pauseMs };
}

async function refuseUnready(pilot: Pilot, target: Database): Promise<void> {
  const link = await within(pilot, target, (session) => pilot.dialect.link(session));
  if (link?.receiving && link.applying) return;
  throw new Refusal(`${target.region} is not replicating (${link ? `${link.receivingState}${link.error ? `: ${link.error}` : ''}` : 'it follows nobody'}): mend its replication, then ask again`);
}

/** Closes the one, lets the other have everything, opens the other; how long nobody accepted writes, in ms. */
async function handOver(pilot: Pilot, current: Database, target: Database): Promise<number> {
  const open = (database: Database) => openSession(loginOf(pilot, database), patienceMs);
  const [one, other, there] = await Promise.all([open(current), open(current), open(target)]); // connecting is no part of the pause
  try {
    const closedAt = hostMs();
    await undoing(pilot, other, async () => {
      await pilot.dialect.closeWrites(one, other, spared(pilot.config), graceMs, lastLimitMs);
      const { position } = await pilot.dialect.standing(other);
      if (!(await pilot.dialect.drain(there, position, lastLimitMs))) throw new Error(`${target.region} did not reach ${position} within ${lastLimitMs} ms`);
    });
    await pilot.dialect.promote(there).catch((error: unknown) => takeBack(pilot, other, target, error));
    const pauseMs = hostMs() - closedAt;
    log('promoted', target.region, { pauseMs, semiSync: 'off until the other region follows' });
    return pauseMs;
  } finally {
    for (const session of [one, other, there]) session.end();
  }
}

async function undoing(pilot: Pilot, session: Session, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await reopen(pilot, session);
    throw new Refusal(`not switched over, and writes are accepted again where they were: ${because(error)}. Ask again when replication keeps up`);
  }
}

async function reopen(pilot: Pilot, session: Session): Promise<void> {
  await pilot.dialect.askForAcks(session, acksOf(pilot.config));
  await pilot.dialect.openWrites(session);
}

// A promotion that failed halfway may have succeeded: only a target that surely refuses writes makes it safe to open the other again.
async function takeBack(pilot: Pilot, session: Session, target: Database, error: unknown): Promise<never> {
  try {
    await fence(pilot, target, patienceMs);
  } catch (alsoFailed) {
    pilot.roles.arranged = false;
    throw new Refusal(`${target.region} could not be promoted (${because(error)}), nor made to refuse writes (${because(alsoFailed)}): both may be closed. Decide by hand which one is to accept writes`);
  }
  await reopen(pilot, session);
  throw new Refusal(`not switched over, and writes are accepted again where they were: ${because(error)}. ${target.region} no longer follows: restart its replication before asking again`);
}

// The service's name follows only now: users who come back find a database that takes their writes.
async function release(pilot: Pilot, target: Database): Promise<void> {
  try {
    await tell(pilot, 'POST', '/primary', { region: target.region });
    await tell(pilot, 'POST', '/latch', { region: target.region, held: false });
  } catch (error) {
    log('release failed', target.region, { because: because(error) });
    throw new Refusal(`${target.region} is the primary now, but the load balancer still holds its users away: ${because(error)}. Send it POST /latch {"region":"${target.region}","held":false}`);
  }
}
