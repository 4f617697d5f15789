import type { Manner, Outcome, Target, Update, UpdateSeen, Write, WriteSeen } from '../../seen.ts';
import type { Place } from '../../topology.ts';
import type { Request } from './app.ts';
import type { Attempt, Client } from './client.ts';
import { ask, close, connect } from './connection.ts';
import { look } from './look.ts';
import type { Spot } from './net.ts';
import { execute, type Answer, type Statement } from './server.ts';
import type { System } from './system.ts';

type Told = Pick<UpdateSeen, 'server' | 'gtid' | 'servedBy' | 'found'>;
/** What somebody who wanted something committed says of it. */
type Say<S> = (outcome: Outcome, told: Told) => S;
const nothing: Told = { server: null, gtid: null, servedBy: null, found: null };

/** How a write was seen to fare. */
export function sayWrite({ writer, number, attempt }: Write): Say<WriteSeen> {
  return (outcome, { server, gtid, servedBy }) => ({ op: `${writer}:${number}`, attempt, outcome, server, gtid, servedBy });
}

/** How a register was seen to be set. */
export function saySetting({ group, slot, writer, number }: Update): Say<UpdateSeen> {
  return (outcome, told) => ({ group, slot, value: `${writer}:${number}`, outcome, ...told });
}

/** Has an app commit something. Nothing can have been committed by what was never sent; of all else that was not answered nobody knows. */
export function commitByApp<S>({ net }: System, client: Client, target: Target, request: Request, manner: Manner, say: Say<S>, signal: AbortSignal): Promise<S> {
  let attempt: Attempt | undefined;
  const unanswered = (sent: boolean | undefined) => say(sent ? 'indeterminate' : 'refused', nothing);
  return look<S>(net.clock, signal, ({ done, onEnd }) => {
    attempt = client.fetch(target, request, manner, (got) => {
      if (!got.ok) { done(unanswered(got.sent)); return; }
      const { fate, server, gtid, servedBy, found } = got.response;
      done(say(fate ?? 'indeterminate', { server: server ?? null, gtid: gtid ?? null, servedBy, found: found ?? null }));
    });
    onEnd(attempt.giveUp);
  }, () => unanswered(attempt?.sent));
}

/** Commits straight in a place's database, over a connection of its own: it is asked whether this server takes a write, not how a pool fares. */
export function commitInDatabase<S>({ net, servers }: System, spot: Spot, place: Place, statement: Statement, say: Say<S>, signal: AbortSignal): Promise<S> {
  let sent = false;
  const unanswered = () => say(sent ? 'indeterminate' : 'refused', nothing);
  return look<S>(net.clock, signal, ({ alive, done, onEnd }) => {
    const server = servers.get(place);
    if (!server) { done(unanswered()); return; }
    connect(net, spot, server.program, alive, (connection) => {
      if (!connection) { done(unanswered()); return; }
      onEnd(() => close(connection));
      connection.onLost = () => done(unanswered());
      sent = true;
      ask<Answer>(net, connection, (reply) => execute(server, statement, connection, reply), (answer) => {
        done(answer.ok ? say('acked', { ...nothing, server: answer.server, gtid: answer.gtid ?? null, found: answer.found ?? null }) : say('refused', nothing));
      });
    });
  }, unanswered);
}
