import { positionOf } from './gtid.ts';
import { checksumOf } from './rows.ts';
import type { Server } from './server.ts';
import type { System } from './system.ts';

/** How long to go on looking for a moment at which nothing is on its way between the copies. */
const withinMs = 1_000;
const everyMs = 1.7;

/** Whether both copies are attached and hold the same rows at one position, at some moment within a second. */
export async function inStep({ pilot, net, servers }: System, signal: AbortSignal): Promise<{ readonly inStep: boolean; readonly evidence: Readonly<Record<string, unknown>> }> {
  const until = net.clock.now() + withinMs;
  const all = [...servers.values()];
  for (;;) {
    const attached = !pilot.alone && pilot.link.io === 'yes' && all.every(({ program }) => program.running && !program.frozen);
    const [first] = all;
    const level = attached && first !== undefined && all.every((server) => positionOf(server) === positionOf(first) && server.visible === server.log.length);
    if (level || net.clock.now() >= until) {
      const copies = Object.fromEntries(all.map((server) => [server.region, sayCopy(server)]));
      const same = new Set(all.map((server) => checksumOf(server.rows))).size === 1;
      return { inStep: level && same, evidence: { attached, ...copies } };
    }
    await net.clock.inside.sleep(everyMs, signal);
  }
}

function sayCopy(server: Server) {
  return { position: positionOf(server), checksum: checksumOf(server.rows) };
}
