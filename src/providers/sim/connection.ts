import { carry, greet, type Net, type Spot } from './net.ts';
import { whenRunning, type Connection, type Program } from './program.ts';

/** Opens a connection: `done(null)` when it is refused; nothing at all while a cut swallows it and `alive`. A frozen program's kernel accepts. */
export function connect(net: Net, from: Spot, to: Program, alive: () => boolean, done: (connection: Connection | null) => void): void {
  greet(net, from, to, alive, () => {
    if (!to.running) { done(null); return; }
    // A frozen program's kernel accepts for it: it counts them when it thaws, whoever is left of them.
    if (to.frozen) whenRunning(to, to.life, () => { to.asked += 1; }); else to.asked += 1;
    // A place is kept free for whoever administrates it.
    if (!to.frozen && to.connections.size >= to.most + (from.part === 'pilot' ? 1 : 0)) { to.refused += 1; done(null); return; }
    const connection: Connection = { from, to, life: to.life, open: true, severed: false, served: 0, onLost: () => {} };
    to.connections.add(connection);
    done(connection);
  }, () => done(null));
}

/** One request over a connection and its answer. Whatever becomes of the client, what arrived is worked on. */
export function ask<T>(net: Net, connection: Connection, work: (reply: (answer: T) => void) => void, onAnswer: (answer: T) => void): void {
  const { from, to, life } = connection;
  const isOpen = () => connection.open;
  carry(net, from, to, isOpen, () => {
    if (to.life !== life || connection.severed) { reset(net, connection, 'connection reset'); return; }
    whenRunning(to, life, () => work((answer) => {
      if (!connection.open || connection.severed || to.life !== life) return;
      carry(net, to, from, isOpen, () => {
        if (!connection.open) return;
        connection.served += 1;
        onAnswer(answer);
      }, () => { connection.severed = true; });
    }));
  }, () => { if (connection.open) { close(connection); connection.onLost('connection reset'); } });
}

/** The client lets go of a connection. */
export function close(connection: Connection): void {
  connection.open = false;
  connection.to.connections.delete(connection);
}

/** The server's side has ended the connection: its client learns of it when the packet gets through. */
export function reset(net: Net, connection: Connection, why: string): void {
  connection.severed = true;
  carry(net, connection.to, connection.from, () => connection.open, () => {
    if (!connection.open) return;
    close(connection);
    connection.onLost(why);
  });
}
