import { ask, close, connect } from './connection.ts';
import type { Txn } from './gtid.ts';
import { beat, listen, type Replication } from './link.ts';
import { carry, deliver, fate, isStarved, retryAfterMs, type Net } from './net.ts';
import { whenRunning } from './program.ts';
import { acknowledge, show, showOne, type Server } from './server.ts';
import { keyOf } from './registers.ts';

/** A lost link is tried again this often (MASTER_CONNECT_RETRY=1). */
const connectRetryMs = 1_000;
/** From received to applied; a choice of this model. */
const applyMs = 0.3;

/** Makes `replica` follow `source` from where its own log ends; `beside`: it writes too, and takes over what the source writes without logging it. */
export function follow(net: Net, source: Server, replica: Server, beside = false): Replication {
  const link: Replication = { net, source, replica, since: replica.log.length, io: 'connecting', epoch: 0, connection: null, sent: 0, stalled: false, broken: false, lastHeard: net.clock.now(), relay: [], taken: beside ? [] : null, failed: null };
  source.onAppend = () => push(link);
  const ended = replica.program.onEnd;
  // A GTID replica throws its relay log away when it is started again, and asks for it anew.
  replica.program.onEnd = () => { ended(); link.relay = []; lose(link); };
  const started = replica.program.onStart;
  replica.program.onStart = () => { started(); if (link.io !== 'stopped') attach(link); };
  attach(link);
  return link;
}

/** STOP SLAVE IO_THREAD: nothing more is received, and nothing more acknowledged. */
export function stopReceiving(link: Replication): void {
  link.io = 'stopped';
  letGo(link);
}

/** How much of the source's log the replica has, applied or not. */
export function received(link: Replication): number {
  return keptBy(link).length + link.relay.length;
}

function keptBy({ taken, replica }: Replication): Txn[] {
  return taken ?? replica.log;
}

function attach(link: Replication): void {
  const { net, source, replica } = link;
  letGo(link);
  const epoch = link.epoch;
  const life = replica.program.life;
  link.io = 'connecting';
  const current = () => link.epoch === epoch && replica.program.life === life;
  connect(net, replica.program, source.program, current, (connection) => {
    if (!connection) { retry(link, epoch); return; }
    link.connection = connection;
    connection.onLost = () => whenRunning(replica.program, life, () => { if (current()) lose(link); });
    ask(net, connection, (reply: (fits: boolean) => void) => reply(holdsAll(link)), (fits) => whenRunning(replica.program, life, () => {
      if (current()) begin(link, epoch, fits);
    }));
  });
  net.clock.after(replica.settings.netTimeout, () => whenRunning(replica.program, life, () => {
    if (current() && link.io === 'connecting') retry(link, epoch);
  }));
}

function begin(link: Replication, epoch: number, fits: boolean): void {
  if (!fits) { link.io = 'diverged'; return; }
  Object.assign(link, { io: 'yes', sent: received(link), stalled: false, broken: false, lastHeard: link.net.clock.now() });
  beat(link, epoch);
  listen(link, epoch, () => attach(link));
  push(link);
}

function letGo(link: Replication): void {
  link.epoch += 1;
  if (link.connection) close(link.connection);
  link.connection = null;
}

// Without this the source would say 1236: the replica has what the source never wrote.
function holdsAll(link: Replication): boolean {
  const last = link.relay.at(-1) ?? keptBy(link).at(-1);
  return last === undefined || link.source.log[received(link) - 1] === last;
}

function retry(link: Replication, epoch: number): void {
  link.io = 'connecting';
  link.net.clock.after(connectRetryMs, () => { if (link.epoch === epoch && link.replica.program.running) attach(link); });
}

function lose(link: Replication): void {
  if (link.io === 'stopped') return;
  letGo(link);
  retry(link, link.epoch);
}

// One stream: while a cut holds back what was sent last, all that comes after it waits behind.
function push(link: Replication, retryMs = retryAfterMs(link.net, link.source.program, link.replica.program)): void {
  const { net, source, replica, epoch } = link;
  if (link.io !== 'yes' || link.stalled || link.broken || !source.program.running || link.sent >= source.log.length) return;
  const met = fate(net, source.program, replica.program);
  if (met === 'reject') { link.broken = true; return; }
  if (met === 'drop' || isStarved(net, source.program, replica.program)) {
    link.stalled = true;
    net.clock.after(retryMs, () => { if (link.epoch === epoch) { link.stalled = false; push(link, retryMs * 2); } });
    return;
  }
  const batch = source.log.slice(link.sent);
  link.sent = source.log.length;
  const life = replica.program.life;
  deliver(net, source.program, replica.program, () => whenRunning(replica.program, life, () => receive(link, epoch, batch)));
}

function receive(link: Replication, epoch: number, batch: readonly Txn[]): void {
  if (link.epoch !== epoch) return;
  const { net, source, replica } = link;
  const idle = link.relay.length === 0;
  for (const txn of batch) link.relay.push(txn);
  link.lastHeard = net.clock.now();
  if (idle) applyLater(link);
  if (!source.armed) return;
  const end = received(link);
  const life = source.program.life;
  carry(net, replica.program, source.program, () => link.epoch === epoch, () => whenRunning(source.program, life, () => acknowledge(source, end)), () => { if (link.epoch === epoch) lose(link); });
}

function applyLater(link: Replication): void {
  const { replica } = link;
  const life = replica.program.life;
  link.net.clock.after(applyMs, () => whenRunning(replica.program, life, () => {
    if (link.taken) { takeOver(link, link.taken); return; }
    for (const txn of link.relay.splice(0)) replica.log.push(txn);
    show(replica, replica.log.length);
  }));
}

// A row is found by its key, and becomes what it was at the source, whatever it is here; only a row that is there, or not there, against expectation stops it (1062, 1032).
function takeOver(link: Replication, taken: Txn[]): void {
  const { replica, relay } = link;
  while (relay.length > 0 && link.failed === null) {
    const txn = relay[0] as Txn;
    const before = txn.set?.lineage[1];
    if (txn.set && (before !== null) !== replica.registers.has(keyOf(txn.set.update))) {
      link.failed = before === null ? '1062: the row is there already' : '1032: the row is not there';
      return;
    }
    relay.shift();
    taken.push(txn);
    showOne(replica, txn);
  }
}
