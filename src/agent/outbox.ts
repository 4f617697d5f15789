import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/** Lines on their way out. They wait in memory, as long as it takes, while the reader does not read; saying never blocks. */
export interface Outbox { say(message: unknown): void; flushed(): Promise<void> }

/** Lines of JSON to this process's stdout. `broken` is called when nobody will ever read them. */
export function openOutbox(broken: () => void, out: Writable = openStdout()): Outbox {
  let waiting: string[] = [];
  out.on('error', broken);
  const flush = (): void => {
    const lines = waiting;
    waiting = [];
    if (lines.length > 0) out.write(`${lines.join('\n')}\n`);
  };
  return {
    say(message) {
      if (waiting.push(JSON.stringify(message)) === 1) setImmediate(flush);
    },
    flushed() {
      flush();
      return new Promise((resolve) => { out.write('', () => resolve()); });
    },
  };
}

/** `process.stdout` on a pipe writes in place and would stop all looking while the reader sleeps; a socket on the same descriptor waits on its own. */
function openStdout(): Writable {
  const kind = fstatSync(1);
  return kind.isFIFO() || kind.isSocket() ? new Socket({ fd: 1, readable: false, writable: true }) : process.stdout;
}
