import { createWriteStream, type WriteStream } from 'node:fs';
import type { Running } from '../../exec.ts';
import type { Mark } from '../../history.ts';

/** What a line of the system's log must look like to be taken as something it did: one JSON object with its time on this host's monotonic clock. */
interface Line { readonly t: number; readonly who: string; readonly what: string; readonly subject: string; readonly errorMs?: number; readonly evidence?: Record<string, unknown> }

/** A log that is followed: the command that streams it, and the file it is kept in. */
export interface Log { readonly running: Running; readonly file: string }

/** Follows logs from their beginning, keeps them, and hands on each event line as a mark, in each log's order. `stop` ends the following. */
export function followLogs(logs: readonly Log[], originMs: number, sink: (mark: Mark) => void): { stop(): Promise<void> } {
  const following = logs.map((log) => follow(log, originMs, sink));
  return {
    stop: async () => {
      for (const { running } of logs) { running.end(); running.kill('SIGTERM'); }
      await Promise.all(following);
    },
  };
}

async function follow({ running, file }: Log, originMs: number, sink: (mark: Mark) => void): Promise<void> {
  const kept: WriteStream = createWriteStream(file);
  try {
    for await (const line of running.lines()) {
      kept.write(`${line}\n`);
      const event = parse(line);
      if (event) sink({ kind: 'mark', at: event.t - originMs, who: event.who, what: event.what, subject: event.subject, errorMs: event.errorMs ?? 0, evidence: event.evidence ?? {} });
    }
  } catch { /* the stream was ended */ }
  await new Promise((resolve) => kept.end(resolve));
}

function parse(line: string): Line | null {
  const from = line.indexOf('{'); // a pod's log has the time, the stream and a flag before each line
  if (from < 0) return null;
  try {
    const event = JSON.parse(line.slice(from)) as Partial<Line>;
    return typeof event.t === 'number' && typeof event.what === 'string' ? { t: event.t, who: event.who ?? '', what: event.what, subject: event.subject ?? '', ...(event.errorMs === undefined ? {} : { errorMs: event.errorMs }), ...(event.evidence ? { evidence: event.evidence } : {}) } : null;
  } catch {
    return null; // a line of a program that speaks no JSON, or was cut off by a kill
  }
}
