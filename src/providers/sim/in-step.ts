import { positionOf } from './gtid.ts';
import { addRow, checksumOf, type Rows } from './rows.ts';
import type { Server } from './server.ts';
import type { System } from './system.ts';

/** How long a copy may take to come to where the primary was when it was asked. */
const withinMs = 5_000;
const everyMs = 1.7;

/** Whether both copies are attached, and the replica, once it has come to where the primary was when this was asked, held the same rows there. */
export async function inStep({ pilot, net }: System, signal: AbortSignal): Promise<{ readonly inStep: boolean; readonly evidence: Readonly<Record<string, unknown>> }> {
  const { primary, standby, link } = pilot;
  const length = primary.visible;
  const until = net.clock.now() + withinMs;
  const isAttached = () => !pilot.alone && pilot.link === link && link.io === 'yes' && [primary, standby].every(({ program }) => program.running && !program.frozen);
  while (isAttached() && standby.visible < length && net.clock.now() < until) await net.clock.inside.sleep(everyMs, signal);
  const [there, here] = [sayCopy(primary, length), sayCopy(standby, Math.min(length, standby.visible))];
  const same = there.position === here.position && there.checksum === here.checksum;
  return { inStep: isAttached() && same, evidence: { attached: isAttached(), [primary.region]: there, [standby.region]: here } };
}

/** Where a server's log was, and what rows it held, after so many transactions. */
function sayCopy(server: Server, length: number) {
  const log = server.log.slice(0, length);
  const rows: Rows = new Map();
  for (const { write } of log) if (write) addRow(rows, write.writer, write.number);
  return { position: positionOf({ log }), checksum: checksumOf(rows) };
}
