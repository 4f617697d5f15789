import type { Txn } from './gtid.ts';
import { deliver, fate, isStarved, type Net } from './net.ts';
import { whenRunning, type Connection } from './program.ts';
import type { Server } from './server.ts';

/** What the replica's IO thread says of itself. */
export type IoState = 'yes' | 'connecting' | 'stopped' | 'diverged';

/** A replica following a source. `epoch` counts connections: what an older one still carries is not taken. */
export interface Replication {
  readonly net: Net;
  readonly source: Server;
  readonly replica: Server;
  /** How long the replica's log was when it began to follow. */
  readonly since: number;
  io: IoState;
  epoch: number;
  connection: Connection | null;
  /** How much of the source's log has been handed to the network. */
  sent: number;
  stalled: boolean;
  /** The source's end of the connection is gone, which the replica does not know yet. */
  broken: boolean;
  lastHeard: number;
  /** Received and not yet applied. */
  relay: Txn[];
  /** What was taken over from the source, where the replica writes too and keeps that out of its own log; null where it is its log. */
  readonly taken: Txn[] | null;
  /** Why it applies no more; null while it does. */
  failed: string | null;
}

/** The source says something at least every heartbeat, so that silence means something. */
export function beat(link: Replication, epoch: number): void {
  const { net, source, replica } = link;
  const life = source.program.life;
  net.clock.after(source.settings.heartbeat, () => {
    if (link.epoch !== epoch) return;
    whenRunning(source.program, life, () => {
      const heard = () => { if (link.epoch === epoch && !replica.program.frozen) link.lastHeard = net.clock.now(); };
      if (!link.broken && !isStarved(net, source.program, replica.program) && fate(net, source.program, replica.program) === null) deliver(net, source.program, replica.program, heard);
      beat(link, epoch);
    });
  });
}

/** The replica calls the link broken after netTimeout of silence: `onSilence`, once. */
export function listen(link: Replication, epoch: number, onSilence: () => void): void {
  const { net, replica } = link;
  const { netTimeout } = replica.settings;
  const life = replica.program.life;
  // Never at once: fractions of a millisecond may add up to a moment that is over and not yet netTimeout away, and would be so for ever.
  net.clock.after(Math.max(0.01, link.lastHeard + netTimeout - net.clock.now()), () => {
    if (link.epoch !== epoch) return;
    whenRunning(replica.program, life, () => {
      if (link.epoch !== epoch) return;
      if (net.clock.now() - link.lastHeard < netTimeout) listen(link, epoch, onSilence); else onSilence();
    });
  });
}
