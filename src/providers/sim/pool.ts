import { ask, close, connect } from './connection.ts';
import type { Net } from './net.ts';
import { whenRunning, type Connection, type Program } from './program.ts';
import { execute, type Answer, type Server, type Statement } from './server.ts';

/** What became of a statement. `sent` false: nothing reached a server. */
export type Outcome = Answer | { readonly ok: false; readonly errno: null; readonly sent: boolean; readonly error: string };

/** Finds the server to connect to, anew for each connection; null with a reason where there is none. */
export type Locate = (done: (server: Server | null, why: string) => void) => void;

/** How long one waits for a connection to open, in line for a free one, and for the answer to a statement. */
export interface Patience { readonly connectMs: number; readonly lineMs: number; readonly queryMs: number }

/** A program's bounded number of connections to its database, each kept, and used for the server it once found, as long as it works. */
export interface Pool { run(statement: Statement, done: (outcome: Outcome) => void): void }

interface Kept { readonly connection: Connection; readonly server: Server }
interface Waiter { take: (kept: Kept | null) => void }

/** A pool of at most `size` connections of `owner`; it is empty again when its owner starts anew. */
export function makePool(net: Net, owner: Program, locate: Locate, size: number, patience: Patience): Pool & { empty(): void } {
  const idle: Kept[] = [];
  const line: Waiter[] = [];
  let places = size;
  const unsent = (error: string): Outcome => ({ ok: false, errno: null, sent: false, error });
  const forget = () => {
    const next = line.shift();
    if (next) next.take(null); else places += 1;
  };
  const free: Kept[] = [];
  // A database in the same place may answer at once: thousands in line are then served one after another, not one inside the other.
  const give = (kept: Kept) => {
    if (free.push(kept) > 1) return;
    for (let first = free[0]; first; free.shift(), first = free[0]) {
      const next = line.shift();
      if (next) next.take(first); else rest(first);
    }
  };
  const rest = (kept: Kept) => {
    kept.connection.onLost = () => { const at = idle.indexOf(kept); if (at >= 0) { idle.splice(at, 1); places += 1; } };
    idle.push(kept);
  };
  const use = (kept: Kept, statement: Statement, done: (outcome: Outcome) => void) => {
    query(net, owner, kept, statement, patience.queryMs, (outcome) => {
      if (outcome.ok) give(kept); else { close(kept.connection); forget(); }
      done(outcome);
    });
  };
  const openAndUse = (statement: Statement, done: (outcome: Outcome) => void) => {
    open(net, owner, locate, patience.connectMs, (kept, why) => {
      if (kept) use(kept, statement, done); else { forget(); done(unsent(why)); }
    });
  };
  return {
    run(statement, done) {
      const free = idle.pop();
      if (free) { use(free, statement, done); return; }
      if (places > 0) { places -= 1; openAndUse(statement, done); return; }
      const life = owner.life;
      const waiter: Waiter = { take: (kept) => { callOff(); if (kept) use(kept, statement, done); else openAndUse(statement, done); } };
      const callOff = net.clock.after(patience.lineMs, () => whenRunning(owner, life, () => {
        const at = line.indexOf(waiter);
        if (at >= 0) { line.splice(at, 1); done(unsent('no free connection in time')); }
      }));
      line.push(waiter);
    },
    empty() {
      for (const kept of idle.splice(0)) close(kept.connection);
      line.length = 0;
      places = size;
    },
  };
}

function open(net: Net, owner: Program, locate: Locate, limitMs: number, done: (kept: Kept | null, why: string) => void): void {
  const life = owner.life;
  let over = false;
  const finish = (kept: Kept | null, why: string) => whenRunning(owner, life, () => {
    if (over) { if (kept) close(kept.connection); return; }
    over = true;
    callOff();
    done(kept, why);
  });
  const alive = () => !over && owner.life === life;
  const callOff = net.clock.after(limitMs, () => finish(null, 'could not connect in time'));
  locate((server, why) => {
    if (!alive()) return;
    if (!server) { finish(null, why); return; }
    connect(net, owner, server.program, alive, (connection) => finish(connection && { connection, server }, 'connection refused'));
  });
}

// The answer, or that there was none: the first of the two counts, and only while the asker still lives.
function query(net: Net, owner: Program, { connection, server }: Kept, statement: Statement, limitMs: number, done: (outcome: Outcome) => void): void {
  const life = owner.life;
  let over = false;
  const finish = (outcome: Outcome) => whenRunning(owner, life, () => {
    if (over) return;
    over = true;
    callOff();
    done(outcome);
  });
  const callOff = net.clock.after(limitMs, () => finish({ ok: false, errno: null, sent: true, error: 'no answer in time' }));
  connection.onLost = (why) => finish({ ok: false, errno: null, sent: true, error: why });
  ask<Answer>(net, connection, (reply) => execute(server, statement, connection, reply), finish);
}
