import type { Manner, Outcome, Target, Update, UpdateSeen } from '../../seen.ts';
import type { Place } from '../../topology.ts';
import type { Attempt, Client } from './client.ts';
import { ask, close, connect } from './connection.ts';
import { look } from './look.ts';
import type { Spot } from './net.ts';
import { execute, type Answer } from './server.ts';
import type { System } from './system.ts';

function said({ group, slot, writer, number }: Update, outcome: Outcome, more: Partial<UpdateSeen> = {}): UpdateSeen {
  return { group, slot, value: `${writer}:${number}`, outcome, server: null, gtid: null, servedBy: null, found: null, ...more };
}

/** Sets a register through an app. Nothing can have been committed by what was never sent; of all else that was not answered nobody knows. */
export function setByApp({ net }: System, client: Client, target: Target, update: Update, manner: Manner, signal: AbortSignal): Promise<UpdateSeen> {
  let attempt: Attempt | undefined;
  const unanswered = () => said(update, attempt?.sent ? 'indeterminate' : 'refused');
  return look<UpdateSeen>(net.clock, signal, ({ done, onEnd }) => {
    attempt = client.fetch(target, { set: update }, manner, (got) => {
      if (!got.ok) { done(said(update, got.sent ? 'indeterminate' : 'refused')); return; }
      const { fate, server, gtid, servedBy, found } = got.response;
      done(said(update, fate ?? 'indeterminate', { server: server ?? null, gtid: gtid ?? null, servedBy, found: found ?? null }));
    });
    onEnd(attempt.giveUp);
  }, unanswered);
}

/** Sets a register straight in a place's database, over a connection of its own. */
export function setInDatabase({ net, servers }: System, spot: Spot, place: Place, update: Update, signal: AbortSignal): Promise<UpdateSeen> {
  let sent = false;
  const unanswered = () => said(update, sent ? 'indeterminate' : 'refused');
  return look<UpdateSeen>(net.clock, signal, ({ alive, done, onEnd }) => {
    const server = servers.get(place);
    if (!server) { done(unanswered()); return; }
    connect(net, spot, server.program, alive, (connection) => {
      if (!connection) { done(unanswered()); return; }
      onEnd(() => close(connection));
      connection.onLost = () => done(unanswered());
      sent = true;
      ask<Answer>(net, connection, (reply) => execute(server, { do: 'set', update }, connection, reply), (answer) => {
        done(answer.ok ? said(update, 'acked', { server: answer.server, gtid: answer.gtid ?? null, found: answer.found ?? null }) : said(update, 'refused'));
      });
    });
  }, unanswered);
}
