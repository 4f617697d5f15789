import { marks } from '../../history.ts';
import { positionOf, stateOf } from './gtid.ts';
import { askServer, once, type Pilot } from './pilot.ts';
import { received, stopReceiving } from './replication.ts';
import { arm, execute, fence } from './server.ts';

/** How long the fence may take before the failover goes on without it. */
const fenceMs = 1_000;
/** STOP SLAVE IO_THREAD with semi-sync takes this long in a black hole (rpl_semi_sync_slave_kill_conn_timeout=1), and without it (facts.md). */
const stopMs = { semiSync: 1_000, async: 10 };

/** Makes the standby the primary, a step at a time, each logged when done. Gives up, and says why, when a step cannot be taken. */
export async function failOver(pilot: Pilot): Promise<void> {
  pilot.busy = true;
  const old = pilot.primary;
  const chosen = pilot.standby;
  try {
    pilot.fenced = await attemptFence(pilot);
    if (pilot.settings.failover.fence === 'require' && !(pilot.fenced && await hasAll(pilot))) { giveUpOnFence(pilot); return; }
    await stop(pilot);
    await drain(pilot);
    checkErrant(pilot);
    await askServer(pilot, chosen, () => Object.assign(chosen, { armed: false, inForce: false, readOnly: false }));
    Object.assign(pilot, { primary: chosen, standby: old, alone: true, misses: 0, askedAt: null });
    pilot.said.clear();
    pilot.log('pilot', marks.promoted, chosen.region, { server: String(chosen.id), position: positionOf(chosen), state: stateOf(chosen), semiSync: 'off until a replica follows' });
    await pilot.gslb.publishDatabase([chosen.program.address]);
    await verify(pilot);
  } catch (error) {
    pilot.log('pilot', marks.gaveUp, chosen.region, { because: (error as Error).message });
  } finally {
    pilot.busy = false;
  }
}

async function attemptFence(pilot: Pilot): Promise<boolean> {
  const { primary, log } = pilot;
  try {
    await askServer(pilot, primary, () => fence(primary), fenceMs);
    log('pilot', marks.fenced, primary.region, {});
    return true;
  } catch (error) {
    once(pilot, marks.fenceFailed, primary.region, { because: (error as Error).message });
    return false;
  }
}

// One that could be fenced is reachable: where the candidate lacks something that it has, it takes writes again instead of being left behind with them.
async function hasAll(pilot: Pilot): Promise<boolean> {
  const { primary, link, settings } = pilot;
  if (received(link) >= await askServer(pilot, primary, () => primary.log.length)) return true;
  await askServer(pilot, primary, () => {
    primary.readOnly = false;
    if (settings.database.replication === 'semi-sync') arm(primary);
  });
  pilot.fenced = false;
  return false;
}

// Tried again with every look, and said once.
function giveUpOnFence(pilot: Pilot): void {
  const { primary, standby } = pilot;
  once(pilot, marks.gaveUp, standby.region, { because: `${primary.region} cannot be fenced with nothing left behind, and that is required` });
}

async function stop(pilot: Pilot): Promise<void> {
  const { link, standby, settings, net } = pilot;
  await askServer(pilot, standby, () => stopReceiving(link));
  await net.clock.inside.sleep(settings.database.replication === 'semi-sync' ? stopMs.semiSync : stopMs.async);
  pilot.log('pilot', marks.stopped, standby.region, { received: received(link) });
}

// Transactions of the candidate's own, made while it should only have followed, would be in no other copy.
function checkErrant({ link, standby, log }: Pilot): void {
  const errant = standby.log.slice(link.since).filter((txn) => txn.server === standby.id).length;
  if (errant > 0) throw new Error(`${standby.region} has ${errant} transactions that its source never sent`);
  log('pilot', marks.errantChecked, standby.region, { errant, position: positionOf(standby) });
}

// What was received was perhaps acknowledged because of it: it must be applied before anybody writes here.
async function drain(pilot: Pilot): Promise<void> {
  const { link, standby, settings, net } = pilot;
  const until = net.clock.now() + settings.failover.drainTimeout;
  while (await askServer(pilot, standby, () => link.relay.length) > 0) {
    if (net.clock.now() > until) throw new Error(`${standby.region}: not all that was received could be applied`);
    await net.clock.inside.sleep(5);
  }
  pilot.log('pilot', marks.drained, standby.region, { position: positionOf(standby) });
}

/** Writes a row of the pilot's own to the primary; logs that it was taken. */
export async function verify(pilot: Pilot): Promise<void> {
  const { primary } = pilot;
  const answer = await askServer(pilot, primary, () => {
    let said = false;
    execute(primary, { do: 'insert', write: null }, null, ({ ok }) => { said = ok; });
    return said;
  });
  if (!answer) throw new Error(`${primary.region}: it did not take a write`);
  pilot.log('pilot', marks.verified, primary.region, { position: positionOf(primary) });
}
