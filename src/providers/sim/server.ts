import type { Lineage, Ranges, Update, Write } from '../../seen.ts';
import type { Settings } from '../../topology.ts';
import { reset } from './connection.ts';
import { sayGtid, type Txn } from './gtid.ts';
import type { Net } from './net.ts';
import { whenRunning, type Connection, type Program } from './program.ts';
import { keyOf, settingOf, type Registers } from './registers.ts';
import { addRow, runsFrom, type Rows } from './rows.ts';

/** What one may ask a database. */
export type Statement = { readonly do: 'ping' } | { readonly do: 'recent' } | { readonly do: 'seen'; readonly writer: string; readonly from: number } | { readonly do: 'insert'; readonly write: Write | null } | { readonly do: 'set'; readonly update: Update };

/** What it answers. `errno` 1290: it is read-only, and nothing was committed. */
export type Answer = { readonly ok: true; readonly server: string; readonly gtid?: string; readonly numbers?: Ranges; readonly found?: Lineage } | { readonly ok: false; readonly errno: number; readonly error: string };

/** A commit that waits for the replica to say it has it. `end`: length of the log up to it. */
interface Waiting { readonly end: number; readonly since: number; readonly connection: Connection | null; readonly acknowledge: () => void }

/** A database server: its binary log, the rows its readers see (those of the log's first `visible` transactions), and who waits for an ack. */
export interface Server {
  readonly net: Net;
  readonly program: Program;
  readonly region: string;
  readonly id: number;
  readonly settings: Settings['database'];
  log: Txn[];
  rows: Rows;
  /** What readers see in each slot of each group. */
  registers: Registers;
  visible: number;
  readOnly: boolean;
  /** Semi-sync is asked for; and in force, unless it degraded. */
  armed: boolean;
  inForce: boolean;
  waiting: Waiting[];
  /** Commits of this life that returned with an acknowledgement, and those that were to wait for one and returned without. */
  waited: number;
  alone: number;
  startedAt: number;
  watched: boolean;
  /** Until when it may take writes; Infinity where nobody lends it the right. */
  leasedUntil: number;
  /** Whoever replicates from here is told of new transactions. */
  onAppend: () => void;
}

/** A server with nothing in it, read-only as every server starts. */
export function makeServer(net: Net, program: Program, id: number, settings: Settings['database']): Server {
  const server: Server = {
    net, program, region: program.place, id, settings, log: [], rows: new Map(), registers: new Map(), visible: 0, readOnly: true,
    armed: false, inForce: false, waiting: [], waited: 0, alone: 0, startedAt: net.clock.now(), watched: false, leasedUntil: Number.POSITIVE_INFINITY, onAppend: () => {},
  };
  program.most = settings.maxConnections;
  program.onStart = () => recover(server);
  program.onEnd = () => { server.waiting = []; };
  return server;
}

// Crash recovery commits whatever is in the binary log, acknowledged or not; settings made at run time are gone.
function recover(server: Server): void {
  show(server, server.log.length);
  Object.assign(server, { readOnly: true, armed: false, inForce: false, waited: 0, alone: 0, startedAt: server.net.clock.now() });
}

/** Works on one statement; an INSERT may take as long as its ack. */
export function execute(server: Server, statement: Statement, connection: Connection | null, reply: (answer: Answer) => void): void {
  const self = String(server.id);
  switch (statement.do) {
    case 'insert': insert(server, statement.write, connection, reply); break;
    case 'set': set(server, statement.update, connection, reply); break;
    case 'seen': reply({ ok: true, server: self, numbers: runsFrom(server.rows, statement.writer, statement.from) }); break;
    default: reply({ ok: true, server: self });
  }
}

function insert(server: Server, write: Write | null, connection: Connection | null, reply: (answer: Answer) => void): void {
  commit(server, { write }, connection, reply);
}

function set(server: Server, update: Update, connection: Connection | null, reply: (answer: Answer) => void): void {
  // It builds on the last setting there is, though no reader may see that one yet.
  const last = server.log.slice(server.visible).findLast((txn) => txn.set && keyOf(txn.set.update) === keyOf(update))?.set ?? server.registers.get(keyOf(update));
  commit(server, { write: null, set: settingOf(update, last) }, connection, reply);
}

function commit(server: Server, what: Pick<Txn, 'write' | 'set'>, connection: Connection | null, reply: (answer: Answer) => void): void {
  if (server.net.clock.now() >= server.leasedUntil) server.readOnly = true;
  if (server.readOnly) { reply({ ok: false, errno: 1290, error: 'the server is running with read_only' }); return; }
  const txn: Txn = { server: server.id, seq: (server.log.at(-1)?.seq ?? 0) + 1, ...what };
  server.log.push(txn);
  const acknowledge = () => reply({ ok: true, server: String(server.id), gtid: sayGtid(txn), ...(txn.set ? { found: txn.set.lineage.slice(1) } : {}) });
  if (!server.armed || !server.inForce) {
    if (server.armed) server.alone += 1;
    show(server, server.log.length);
    server.onAppend();
    acknowledge();
    return;
  }
  if (server.settings.waitPoint === 'after-commit') show(server, server.log.length);
  server.waiting.push({ end: server.log.length, since: server.net.clock.now(), connection, acknowledge });
  server.onAppend();
  watchPatience(server);
}

/** The replica has the first `end` transactions: whoever waited for one of them is answered. */
export function acknowledge(server: Server, end: number): void {
  while (server.waiting[0] && server.waiting[0].end <= end) {
    const one = server.waiting.shift() as Waiting;
    server.waited += 1;
    show(server, one.end);
    one.acknowledge();
  }
  if (server.armed && end >= server.log.length) server.inForce = true;
}

// Semi-sync that may degrade does so when the oldest commit has waited its whole patience, and then answers everybody.
function watchPatience(server: Server): void {
  const { degrade } = server.settings;
  const oldest = server.waiting[0];
  if (degrade === 'never' || server.watched || !oldest) return;
  server.watched = true;
  const { clock } = server.net;
  const life = server.program.life;
  clock.after(oldest.since + degrade - clock.now(), () => {
    server.watched = false;
    whenRunning(server.program, life, () => {
      const first = server.waiting[0];
      if (!first) return;
      if (first.since + degrade > clock.now()) { watchPatience(server); return; }
      server.inForce = false;
      acknowledgeAll(server);
    });
  });
}

function acknowledgeAll(server: Server): void {
  for (const one of server.waiting.splice(0)) { server.alone += 1; show(server, one.end); one.acknowledge(); }
}

/** Makes the first `end` transactions of the log visible to readers. */
export function show(server: Server, end: number): void {
  for (; server.visible < end; server.visible += 1) {
    const { write, set: setting } = server.log[server.visible] as Txn;
    if (write) addRow(server.rows, write.writer, write.number);
    if (setting) server.registers.set(keyOf(setting.update), setting);
  }
}

/** Ends what clients have open, so that none is answered any more; then commits what waits, and takes no more writes. */
export function fence(server: Server): void {
  cutClientsOff(server);
  Object.assign(server, { armed: false, inForce: false, readOnly: true });
  server.waiting = [];
  show(server, server.log.length);
}

/** Ends every connection but those of replicas and of the pilot itself; what they were doing goes on, unanswered. */
export function cutClientsOff(server: Server): void {
  const clients = [...server.program.connections].filter(({ from }) => from.part !== 'database' && from.part !== 'pilot');
  for (const connection of clients) reset(server.net, connection, 'the server killed the connection');
}

/** Commits wait for the replica from now on. */
export function arm(server: Server): void {
  Object.assign(server, { armed: true, inForce: true });
}
