import type { Clock } from '../../clock.ts';
import { marks } from '../../history.ts';
import { positionOf } from './gtid.ts';
import type { Replication } from './link.ts';
import { askServer, type Pilot } from './pilot.ts';
import { hash } from './random.ts';
import { heldIn } from './registers.ts';
import { follow } from './replication.ts';
import { checksumOf } from './rows.ts';
import type { Server } from './server.ts';

/** Two databases that both take writes, each following the other: what comes in to each. */
export type Pair = readonly [Replication, Replication];

/** Lets the standby take writes as the primary does, and the primary follow it, too. */
export function joinBoth({ net, primary, standby, link }: Pilot): Pair {
  for (const server of [primary, standby]) Object.assign(server, { domain: server.id, readOnly: false });
  return [link, follow(net, standby, primary, true)];
}

/** Looks at both every `observe`: one that was started again is told to take writes again, and what is no longer applied is told. Nobody is promoted, whoever is gone. */
export function keepBoth(pilot: Pilot, pair: Pair, inMs: number, known: Known = { missed: new Set(), broken: new Set() }): void {
  const { net, program, settings } = pilot;
  net.clock.after(inMs, () => {
    keepBoth(pilot, pair, settings.failover.observe, known);
    if (!program.running || program.frozen) return;
    for (const link of pair) void keep(pilot, link, known);
  });
}

interface Known { readonly missed: Set<string>; readonly broken: Set<string> }

async function keep(pilot: Pilot, { replica, failed }: Replication, { missed, broken }: Known): Promise<void> {
  const { region } = replica;
  const seen = await askServer(pilot, replica, () => {
    if (replica.readOnly) pilot.log('pilot', 'upheld', region, { did: ['it accepts writes'] });
    replica.readOnly = false;
    return true;
  }, Math.min(pilot.settings.failover.observe, 1_000)).catch(() => false);
  if (seen === missed.has(region)) pilot.log('pilot', seen ? 'cleared' : marks.suspected, region, {});
  if (seen) missed.delete(region); else missed.add(region);
  if (failed === null || broken.has(region)) return;
  broken.add(region);
  pilot.log('pilot', marks.replicationBroken, region, { because: failed });
}

/** How long each may take to come to where the other was when it was asked. */
const withinMs = 5_000;

/** Whether both are attached, have all that the other had written when this was asked, and hold the same. */
export async function bothInStep(pair: Pair, { now, sleep }: Clock, signal: AbortSignal): Promise<{ readonly inStep: boolean; readonly settled: boolean; readonly evidence: Readonly<Record<string, unknown>> }> {
  const until = now() + withinMs;
  const attached = () => pair.every(({ io, failed, replica: { program } }) => io === 'yes' && failed === null && program.running && !program.frozen);
  const caughtUp = () => pair.every(({ source, taken }) => taken?.length === source.log.length);
  while (attached() && !caughtUp() && now() < until) await sleep(5, signal);
  const [one, other] = pair.map(({ replica, failed }) => ({ ...sayCopy(replica), lastError: failed ?? '' })) as [Said, Said];
  const same = one.checksum === other.checksum && one.registers === other.registers;
  return { inStep: attached() && caughtUp() && same, settled: caughtUp() && !same, evidence: { attached: attached(), caughtUp: caughtUp(), same, [pair[0].replica.region]: one, [pair[1].replica.region]: other } };
}

interface Said { readonly wrote: string; readonly checksum: string; readonly registers: string; readonly lastError: string }

function sayCopy(server: Server): Omit<Said, 'lastError'> {
  const held = Object.entries(heldIn(server.registers)).sort().flatMap(([group, slots]) => Object.entries(slots).sort().map(([slot, [value]]) => `${group}/${slot}=${value}`));
  return { wrote: positionOf(server), checksum: checksumOf(server.rows), registers: hash(held.join(' ')).toString(16) };
}
