import { marks } from '../../history.ts';
import { positionOf, stateOf } from './gtid.ts';
import { askServer, type Pilot } from './pilot.ts';
import { received, stopReceiving } from './replication.ts';
import { execute, fence } from './server.ts';

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
    if (!pilot.fenced && pilot.settings.failover.fence === 'require') { giveUpOnFence(pilot); return; }
    await stop(pilot);
    await drain(pilot);
    checkErrant(pilot);
    await askServer(pilot, chosen, () => Object.assign(chosen, { armed: false, inForce: false, readOnly: false }));
    Object.assign(pilot, { primary: chosen, standby: old, alone: true, misses: 0 });
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
    if (!pilot.refused) log('pilot', marks.fenceFailed, primary.region, { because: (error as Error).message });
    return false;
  }
}

// Tried again with every look, and said once.
function giveUpOnFence(pilot: Pilot): void {
  const { primary, standby, log } = pilot;
  if (!pilot.refused) log('pilot', marks.gaveUp, standby.region, { because: `${primary.region} cannot be fenced, and that is required` });
  pilot.refused = true;
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
