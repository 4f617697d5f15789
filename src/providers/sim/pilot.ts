import type { Settings } from '../../topology.ts';
import { ask, close, connect } from './connection.ts';
import type { Gslb } from './gslb.ts';
import type { Log } from './log.ts';
import type { Replication } from './link.ts';
import type { Net } from './net.ts';
import type { Program } from './program.ts';
import type { Server } from './server.ts';

/** What the pilot knows and can do. `first` is the primary as the topology has it; `primary` the one it believes in now. */
export interface Pilot {
  readonly net: Net;
  readonly program: Program;
  readonly settings: Settings;
  readonly gslb: Gslb;
  readonly log: Log;
  readonly evidenceDir: string;
  readonly first: Server;
  /** Whom it asks before it calls the primary dead; `asking`: it is doing so. */
  readonly witnesses: readonly Program[];
  asking: boolean;
  primary: Server;
  standby: Server;
  link: Replication;
  misses: number;
  /** When a person was asked about this row of misses; null before, and where nobody is. */
  askedAt: number | null;
  /** What has been said in this row of misses: a failover that may not be made yet is tried again with every look, and each thing said once. */
  readonly said: Set<string>;
  /** In the middle of a failover, a rejoin or a switchover: it decides nothing else. */
  busy: boolean;
  /** A failover has happened and nobody has rejoined the old primary yet. */
  alone: boolean;
  fenced: boolean;
}

/** Says something the first time that it happens in a row of misses. */
export function once({ said, log }: Pilot, what: string, subject: string, evidence: Readonly<Record<string, unknown>>): void {
  if (!said.has(what)) log('pilot', what, subject, evidence);
  said.add(what);
}

/** The longest the pilot waits for one answer. */
export const answerMs = 1_000;

/** One statement of the pilot's own, over the network; rejects where there is no answer in time. */
export function askServer<T>(pilot: Pick<Pilot, 'net' | 'program'>, server: Server, work: () => T, limitMs = answerMs): Promise<T> {
  const { net, program } = pilot;
  return new Promise((resolve, reject) => {
    let over = false;
    const finish = (settle: () => void) => { if (over) return; over = true; callOff(); net.clock.stir(); settle(); };
    const fail = (why: string) => finish(() => reject(new Error(`${server.region}: ${why}`)));
    const callOff = net.clock.after(limitMs, () => fail('no answer in time'));
    connect(net, program, server.program, () => !over, (connection) => {
      if (!connection || over) { if (connection) close(connection); fail('connection refused'); return; }
      connection.onLost = fail;
      ask(net, connection, (reply: (answer: T) => void) => reply(work()), (answer) => {
        close(connection);
        finish(() => resolve(answer));
      });
    });
  });
}
