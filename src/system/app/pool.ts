import type { Connection } from './connection.ts';

/** A bounded number of connections, kept as long as they work. */
export interface Pool {
  /** A free connection or a new one; rejects when none is to be had within `waitMs` or connecting fails. Nothing has been sent then. */
  take(waitMs: number): Promise<Connection>;
  /** Gives it back: alive, it is used again; dead, its place is free for a new one. */
  give(connection: Connection): void;
  close(): void;
}

type Waiter = (connection: Connection | 'place') => void;

/** A pool of at most `size` connections, each made by `open` when first needed; whoever comes above that waits in line. */
export function makePool(open: () => Promise<Connection>, size: number): Pool {
  const idle: Connection[] = [];
  const line: Waiter[] = [];
  let places = size;

  const free = () => {
    const next = line.shift();
    if (next) next('place'); else places += 1;
  };
  const openHere = async () => {
    try {
      return await open();
    } catch (error) {
      free();
      throw error;
    }
  };
  const takeIdle = (): Connection | undefined => {
    for (let found = idle.pop(); found; found = idle.pop()) {
      if (found.alive()) return found;
      places += 1;
    }
    return undefined;
  };

  return {
    async take(waitMs) {
      const found = takeIdle();
      if (found) return found;
      if (places > 0) { places -= 1; return openHere(); }
      const given = await waitInLine(line, waitMs);
      return given === 'place' ? openHere() : given;
    },
    give(connection) {
      if (!connection.alive()) { free(); return; }
      const next = line.shift();
      if (next) next(connection); else idle.push(connection);
    },
    close() {
      for (const connection of idle.splice(0)) connection.destroy();
    },
  };
}

function waitInLine(line: Waiter[], waitMs: number): Promise<Connection | 'place'> {
  return new Promise((resolve, reject) => {
    const waiter: Waiter = (given) => { clearTimeout(timer); resolve(given); };
    const timer = setTimeout(() => {
      line.splice(line.indexOf(waiter), 1);
      reject(new Error(`no free connection within ${Math.round(waitMs)} ms`));
    }, waitMs);
    line.push(waiter);
  });
}
