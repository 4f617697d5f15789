import type { CensusSeen, HttpSeen, ReadSeen, ServerSeen } from '../../seen.ts';
import type { Part, Place } from '../../topology.ts';
import type { Senses } from '../../world.ts';
import { makeClient } from './client.ts';
import { commitByApp, commitInDatabase, saySetting, sayWrite } from './committing.ts';
import { ask, close, connect } from './connection.ts';
import { question } from './dns.ts';
import { stateSeen } from './server-state.ts';
import { positionOf, stateOf } from './gtid.ts';
import { look, type Look } from './look.ts';
import type { Spot } from './net.ts';
import { whenRunning, type Connection } from './program.ts';
import { reachFrom } from './reach.ts';
import { checksumOf, countRows } from './rows.ts';
import { heldIn } from './registers.ts';
import { execute, type Answer, type Server } from './server.ts';
import type { System } from './system.ts';

/** How long a census takes to read; a choice of this model. */
const censusMs = 3;

/** How one looks from a place of the simulated world. What is seen follows from the state of the model when packets arrive. */
export function makeSenses(system: System, place: Place): Partial<Senses> {
  const { clock } = system.net;
  const spot: Spot = { place, part: 'clients' };
  const client = makeClient(system, spot);
  const server = system.servers.get(place);
  const kept = new Map<Server, Connection>();
  return {
    http: (target, path, manner, signal) => look<HttpSeen>(clock, signal, ({ done, fail, onEnd }) => {
      const attempt = client.fetch(target, { get: path }, manner, (got) => {
        if (!got.ok) { fail(got.why); return; }
        done({ status: got.response.status, servedBy: got.response.servedBy, connection: got.connection, address: got.address });
      });
      onEnd(attempt.giveUp);
    }),
    resolve: (name, asked, signal) => look(clock, signal, ({ alive, done, fail }) => {
      const to = system.nameServer(asked, place);
      if (!to) { fail(`there is no resolver or authority "${asked}"`); return; }
      question(system.net, spot, to, name, ({ addresses, ttlMs, rcode, stale }) => {
        if (alive()) done({ server: asked, addresses, ttl: addresses.length === 0 ? null : Math.ceil(ttlMs / 1_000), rcode, ede: stale ? 3 : null });
      }, () => fail('the port is refused'));
    }),
    append: (target, write, manner, via, signal) => (via === 'app'
      ? commitByApp(system, client, target, { post: write }, manner, sayWrite(write), signal)
      : commitInDatabase(system, spot, typeof target === 'string' ? place : target.place, { do: 'insert', write }, sayWrite(write), signal)),
    update: (target, update, manner, signal) => (typeof target === 'object' && target.part === 'database'
      ? commitInDatabase(system, spot, target.place, { do: 'set', update }, saySetting(update), signal)
      : commitByApp(system, client, target, { set: update }, manner, saySetting(update), signal)),
    read: (target, writer, from, manner, signal) => look<ReadSeen>(clock, signal, ({ alive, done, fail, onEnd }) => {
      if (typeof target === 'object' && target.part === 'database') { readDatabase(system, spot, target.place, writer, from, { alive, done, fail, onEnd }); return; }
      const attempt = client.fetch(target, { seen: writer, from }, manner, (got) => {
        if (!got.ok) { fail(got.why); return; }
        const { status, numbers } = got.response;
        if (numbers) done({ writer, from, numbers, server: got.response.server ?? null }); else fail(`status ${status}`);
      });
      onEnd(attempt.giveUp);
    }),
    status: (target, signal) => status(system, spot, typeof target === 'string' ? place : target.place, kept, signal),
    reach: (target, timeoutMs, signal, as) => reachFrom(system, { place, part: as ?? 'clients' satisfies Part }, target, timeoutMs, signal),
    ...(server ? { census: (signal: AbortSignal) => takeCensus(system, server, signal) } : {}),
  };
}

function readDatabase({ net, servers }: System, spot: Spot, place: Place, writer: string, from: number, { alive, done, fail, onEnd }: Look<ReadSeen>): void {
  const server = servers.get(place);
  if (!server) { fail(`${place} has no database`); return; }
  connect(net, spot, server.program, alive, (connection) => {
    if (!connection) { fail('connection refused'); return; }
    onEnd(() => close(connection));
    connection.onLost = fail;
    ask<Answer>(net, connection, (reply) => execute(server, { do: 'seen', writer, from }, connection, reply), (answer) => {
      if (answer.ok) done({ writer, from, numbers: answer.numbers ?? [], server: answer.server }); else fail(answer.error);
    });
  });
}

// Over one kept connection: a look is not to be counted among what it looks at.
function status({ net, servers }: System, spot: Spot, place: Place, kept: Map<Server, Connection>, signal: AbortSignal): Promise<ServerSeen> {
  return look<ServerSeen>(net.clock, signal, ({ alive, done, fail, onEnd }) => {
    const server = servers.get(place);
    if (!server) { fail(`${place} has no database`); return; }
    const use = (connection: Connection) => {
      let answered = false;
      onEnd(() => { if (!answered) { close(connection); kept.delete(server); } });
      connection.onLost = (why) => { kept.delete(server); fail(why); };
      ask<ServerSeen>(net, connection, (reply) => reply(stateSeen(server)), (seen) => { answered = true; done(seen); });
    };
    const known = kept.get(server);
    if (known?.open) { use(known); return; }
    connect(net, spot, server.program, alive, (connection) => {
      if (!connection) { fail('connection refused'); return; }
      kept.set(server, connection);
      use(connection);
    });
  });
}

// Asked inside the place, past its network: a cut does not hide it, a dead or frozen server does.
function takeCensus({ net }: System, server: Server, signal: AbortSignal): Promise<CensusSeen> {
  return look<CensusSeen>(net.clock, signal, ({ done, fail }) => {
    const { program, region } = server;
    if (!program.running) { fail(`the database of ${region} does not run`); return; }
    const life = program.life;
    net.clock.after(censusMs, () => {
      if (program.life !== life) { fail(`the database of ${region} ended`); return; }
      whenRunning(program, life, () => done({
        region, server: String(server.id), rows: countRows(server.rows), registers: heldIn(server.registers), position: positionOf(server), state: stateOf(server), checksum: checksumOf(server.rows),
      }));
    });
  });
}
