import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DrillError } from '../errors.ts';
import { here } from '../exec.ts';

/** Does something while it holds a lock file (`flock`), so that measurements on one machine take turns; at once where there is none to hold. Rejects where the lock cannot be had, or on an interrupt. */
export async function inTurn<T>(lock: string | undefined, interrupt: AbortSignal, act: () => Promise<T>): Promise<T> {
  if (lock === undefined) return act();
  if (!await access(dirname(resolve(lock))).then(() => true, () => false)) throw new DrillError('wrong', { message: `the lock ${lock} cannot be held`, hint: 'name a file in a folder that is there' });
  const holder = here.start(['flock', '-o', lock, 'sh', '-c', 'echo held; exec cat']);
  const stop = () => holder.kill('SIGTERM');
  interrupt.addEventListener('abort', stop, { once: true });
  try {
    const lines = holder.lines()[Symbol.asyncIterator]();
    const first = await lines.next().catch(() => null);
    interrupt.throwIfAborted();
    if (first?.value !== 'held') throw new DrillError('notReady', { message: `the lock ${lock} cannot be held`, hint: 'is flock (util-linux) installed, and may the file be written?' });
    return await act();
  } finally {
    interrupt.removeEventListener('abort', stop);
    holder.end();
    await holder.gone;
  }
}
