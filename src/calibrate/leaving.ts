import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { here, type Running } from '../exec.ts';

const left = new Set<() => void>();
process.once('exit', () => { for (const end of left) end(); });

/** Starts a command that ends with this process at the latest, also where that is left in the middle: even one that stands still. */
export function startOurs(argv: readonly string[]): Running {
  const running = here.start(argv);
  const end = () => running.kill('SIGKILL');
  left.add(end);
  void running.gone.finally(() => left.delete(end));
  return running;
}

/** A new folder for what is needed only now; it goes with `remove`, or with this process. */
export async function openScratch(name: string): Promise<{ readonly dir: string; remove(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), `regionfall-${name}-`));
  const end = () => rmSync(dir, { recursive: true, force: true });
  left.add(end);
  return { dir, remove: async () => { await rm(dir, { recursive: true, force: true }); left.delete(end); } };
}

/** What `act` comes to, or at once the reason of an interrupt: whatever was started with `startOurs` then ends with this process. */
export function orInterrupted<T>(interrupt: AbortSignal, act: () => Promise<T>): Promise<T> {
  interrupt.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = () => reject(interrupt.reason as Error);
    interrupt.addEventListener('abort', stop, { once: true });
    act().then(resolve, reject).finally(() => interrupt.removeEventListener('abort', stop));
  });
}
