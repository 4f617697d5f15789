import { marks } from '../../history.ts';
import { verify } from './failover.ts';
import { busily, caughtUp, type Said } from './operator.ts';
import { askServer, type Pilot } from './pilot.ts';
import { follow, received, stopReceiving } from './replication.ts';
import { arm, cutClientsOff } from './server.ts';

/** How long new writes may be refused while the target takes over what is missing; then the switch is undone. */
const handOverMs = 5_000;

/** Hands the database back to the region that was primary first, nothing lost, and lets the names follow. Rejects with the reason. */
export async function failBack(pilot: Pilot): Promise<Said> {
  const { primary: current, first } = pilot;
  if (current === first) throw new Error(`${first.region} is the primary already`);
  return handTo(pilot, pilot.gslb.release);
}

/** Hands the database of the region that was primary first to the other, both alive, nothing lost, and lets the names follow. Rejects with the reason. */
export async function switchOver(pilot: Pilot): Promise<Said> {
  const { primary: current, first } = pilot;
  if (current !== first) throw new Error(`${current.region} is the primary already`);
  return handTo(pilot, pilot.gslb.hold);
}

async function handTo(pilot: Pilot, moveUsers: () => void): Promise<Said> {
  const { primary: current, standby: target, gslb, log, net, settings } = pilot;
  if (pilot.alone) throw new Error(`${target.region} has not rejoined: let it rejoin first`);
  return busily(pilot, async () => {
    await caughtUp(pilot);
    const from = net.clock.now();
    await handOver(pilot);
    Object.assign(pilot, { primary: target, standby: current, link: follow(net, target, current), misses: 0 });
    await gslb.publishDatabase([target.program.address]);
    await verify(pilot);
    await caughtUp(pilot);
    if (settings.database.replication === 'semi-sync') await askServer(pilot, target, () => arm(target));
    const pauseMs = net.clock.now() - from;
    moveUsers();
    log('pilot', marks.switchedOver, target.region, { pauseMs });
    return { said: `${target.region} is the primary now` };
  });
}

// All that is slow has happened: from here to the promotion nobody can write.
async function handOver(pilot: Pilot): Promise<void> {
  const { primary: current, standby: target, link, net } = pilot;
  await askServer(pilot, current, () => { current.readOnly = true; cutClientsOff(current); });
  const until = net.clock.now() + handOverMs;
  while (received(link) < current.log.length || link.relay.length > 0) {
    if (net.clock.now() > until) {
      await askServer(pilot, current, () => { current.readOnly = false; });
      throw new Error(`${target.region} did not get all of ${current.region}'s writes in time: nothing was switched`);
    }
    await net.clock.inside.sleep(1);
  }
  await askServer(pilot, target, () => {
    stopReceiving(link);
    Object.assign(target, { armed: false, inForce: false, readOnly: false });
  });
}
