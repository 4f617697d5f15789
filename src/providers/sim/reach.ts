import type { ReachSeen, Reach, Target } from '../../seen.ts';
import type { Place } from '../../topology.ts';
import { ask, close, connect } from './connection.ts';
import { question } from './dns.ts';
import { look } from './look.ts';
import type { Spot } from './net.ts';
import type { Program } from './program.ts';
import type { System } from './system.ts';

/** How a raw connection with one tiny request fares. Rejects for a target that is not there, and when the signal aborts. */
export function reachFrom(system: System, from: Spot, target: Target, timeoutMs: number, signal: AbortSignal): Promise<ReachSeen> {
  const { net } = system;
  const to = typeof target === 'string' ? target : `${target.place}/${target.only ?? target.part}`;
  return look<ReachSeen>(net.clock, signal, ({ alive, done, fail, onEnd }) => {
    let met = false;
    const say = (reach: Reach) => done({ to, reach });
    onEnd(net.clock.after(timeoutMs, () => say(met ? 'accepts-but-dead' : 'silent')));
    aim(system, from, target, alive, (program, why) => {
      if (!program) { if (why === null) say('unreachable'); else fail(why); return; }
      connect(net, from, program, alive, (connection) => {
        if (!connection) { say('refused'); return; }
        met = true;
        onEnd(() => close(connection));
        connection.onLost = () => say('refused');
        ask(net, connection, (reply: (answer: true) => void) => reply(true), () => say('ok'));
      });
    });
  });
}

// `why` null: the name leads nowhere, which is an answer; else the question itself was wrong.
function aim(system: System, from: Spot, target: Target, alive: () => boolean, done: (program: Program | null, why: string | null) => void): void {
  if (target === 'control') { done(system.control.program, null); return; }
  if (target !== 'service') {
    const program = partOf(system, target.place, target.part, target.only);
    done(program, program ? null : `there is no ${target.place}/${target.part}`);
    return;
  }
  const [resolver] = system.topology.resolvers;
  const server = resolver && system.nameServer(resolver.name, from.place);
  if (!server) { done(null, 'there is no resolver to find the service with'); return; }
  question(system.net, from, server, system.topology.names.service, ({ addresses }) => {
    if (alive()) done(system.programs.find((program) => program.address === addresses[0]) ?? null, null);
  }, () => { if (alive()) done(null, null); });
}

function partOf(system: System, place: Place, part: string, only?: string): Program | null {
  return system.programs.find((program) => program.place === place && program.part === part && (only === undefined || program.name === only)) ?? null;
}
