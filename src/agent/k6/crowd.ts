import { spawn, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Clock } from '../../clock.ts';
import type { Atlas, Crowd, CrowdOrder, CrowdTold } from '../../world.ts';
import { prepare } from './command.ts';
import { listen } from './listen.ts';
import { startsWithinMs } from '../protocol.ts';
import { begins } from './wrapper.ts';

/** k6 writes what it saw five times a second. */
const flushMs = 400;
const endWithinMs = 2_000;
const readClockEveryMs = 1_000;
/** Complaints of a script that are passed on: the same trouble comes with every iteration. */
const mostComplaints = 3;

/** Runs k6 where this process stands, in `scratch`. Resolves when its schedule begins; rejects with its own last word where it does not. */
export function openCrowd(atlas: Atlas, clock: Clock, scratch: string): Crowd {
  return async (order, told) => {
    const { dir, argv } = await prepare(order, atlas, scratch);
    try {
      return await follow(argv, order, clock, told, () => rm(dir, { recursive: true, force: true }));
    } catch (error) {
      await rm(dir, { recursive: true, force: true });
      throw error;
    }
  };
}

/** Follows a k6 that `argv` starts. `stop` gives requests of before it their whole time, then ends k6 and calls `clear`. */
export async function follow(argv: readonly string[], order: CrowdOrder, clock: Clock, told: CrowdTold, clear: () => Promise<void>): Promise<{ stop(): Promise<void> }> {
  const ear = listen(order, clock, told);
  // Not by way of exec.ts: what it is made of is not in the agents' image, and an agent is to stay small.
  const child = spawn(argv[0] ?? '', argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  const read = readAll(child.stdout, (line) => ear.hear(line));
  const gone = Promise.all([ended(child), read]).then(([how]) => how);
  const words = hearWords(child.stderr, told);
  await begun(child, gone, words);
  const reading = setInterval(() => ear.readClock(), readClockEveryMs);
  let stopping = false;
  const lost = gone.then((how) => { if (!stopping) ear.lose(`k6 has gone: ${words.last() ?? how}`); });
  return {
    async stop() {
      words.ignore();
      ear.stop();
      await Promise.race([gone, clock.sleep(order.timeoutMs + flushMs)]);
      stopping = true;
      await end(child, gone);
      clearInterval(reading);
      await lost;
      ear.close();
      await clear();
    },
  };
}

async function begun(child: ChildProcess, gone: Promise<string>, words: Words): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<string>((resolve) => { late = setTimeout(() => resolve(`it did not begin within ${startsWithinMs / 1_000} s`), startsWithinMs); });
  const why = await Promise.race([words.begun.then(() => null), gone, tooLate]);
  clearTimeout(late);
  if (why === null) return;
  await end(child, gone);
  throw new Error(`k6 does not run: ${words.last() ?? why}`);
}

async function end(child: ChildProcess, gone: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), endWithinMs);
  await gone;
  clearTimeout(insist);
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit ${code ?? 'unknown'}`));
  });
}

async function readAll(stream: Readable, hear: (line: string) => void): Promise<void> {
  // Events, not an async iterator: a line must not wait for a turn of its own.
  await new Promise<void>((resolve) => { createInterface({ input: stream }).on('line', hear).on('close', resolve); });
}

interface Words { readonly begun: Promise<void>; last(): string | null; /** It is about to be ended, and will say so. */ ignore(): void }

/** What k6 says beside its points. A failed request is a warning, and its points tell it; a script's own errors are passed on, the first few of them. */
function hearWords(stream: Readable, told: CrowdTold): Words {
  let last: string | null = null;
  const complaints = new Set<string>();
  let ignored = false;
  let begin = (): void => {};
  const begun = new Promise<void>((resolve) => { begin = resolve; });
  void readAll(stream, (line) => {
    const { level, msg } = parse(line);
    if (msg === begins) begin();
    if (ignored || (level !== 'error' && level !== 'fatal')) return;
    last = msg.trim().split('\n')[0]?.slice(0, 300) ?? msg;
    if (complaints.size >= mostComplaints || complaints.has(last)) return;
    complaints.add(last);
    told.note(`k6: ${last}`);
  });
  return { begun, last: () => last, ignore: () => { ignored = true; } };
}

/** A line of k6's log; what is none was said by what was to start it, and is trouble. */
function parse(line: string): { readonly level: string; readonly msg: string } {
  try {
    const { level, msg } = JSON.parse(line) as { level?: unknown; msg?: unknown };
    return { level: String(level), msg: String(msg) };
  } catch {
    return { level: line.startsWith('Flag ') ? 'warning' : 'error', msg: line };
  }
}
