import { open } from 'node:fs/promises';
import type { Mark } from '../../history.ts';

/** What a line of the system's log must look like to be taken as something it did: one JSON object with its time on this host's monotonic clock. */
interface Line { readonly t: number; readonly who: string; readonly what: string; readonly subject: string; readonly evidence?: Record<string, unknown> }

/** Follows log files and hands on each event line as a mark, in each file's order; paths in `dir` become relative to it, so that a run can be moved and shown. `stop` reads what is left and ends. */
export function followEvents(files: readonly string[], dir: string, originMs: number, sink: (mark: Mark) => void): { stop(): Promise<void> } {
  const tails = files.map((file) => ({ file, offset: 0, rest: '' }));
  const readAll = async () => { for (const tail of tails) await readOn(tail, dir, originMs, sink); };
  let busy: Promise<void> = Promise.resolve();
  // A log that cannot be read now may be read the next time: nothing is skipped by that.
  const timer = setInterval(() => { busy = busy.then(readAll).catch(() => {}); }, 100);
  return {
    stop: async () => {
      clearInterval(timer);
      await busy;
      await readAll().catch(() => {});
    },
  };
}

async function readOn(tail: { readonly file: string; offset: number; rest: string }, dir: string, originMs: number, sink: (mark: Mark) => void): Promise<void> {
  const handle = await open(tail.file, 'r').catch(() => null); // not written to yet
  if (!handle) return;
  try {
    const { size } = await handle.stat();
    if (size <= tail.offset) return;
    const buffer = Buffer.alloc(size - tail.offset);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, tail.offset);
    tail.offset += bytesRead;
    const lines = (tail.rest + buffer.toString('utf8', 0, bytesRead)).split('\n');
    tail.rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = parse(line.replaceAll(`${dir}/`, ''));
      if (event) sink({ kind: 'mark', at: event.t - originMs, who: event.who, what: event.what, subject: event.subject, errorMs: 0, evidence: event.evidence ?? {} });
    }
  } finally {
    await handle.close();
  }
}

function parse(line: string): Line | null {
  if (!line.startsWith('{')) return null;
  try {
    const event = JSON.parse(line) as Partial<Line>;
    return typeof event.t === 'number' && typeof event.what === 'string' ? { t: event.t, who: event.who ?? '', what: event.what, subject: event.subject ?? '', ...(event.evidence ? { evidence: event.evidence } : {}) } : null;
  } catch {
    return null; // a line of a program that speaks no JSON, or was cut off by a kill
  }
}
