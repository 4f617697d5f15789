import { fileURLToPath } from 'node:url';
import { DrillError } from '../../errors.ts';
import type { Running } from '../../exec.ts';
import { startOurs } from '../leaving.ts';
import type { Span } from './held.ts';
import type { FromTarget, TargetMode, ToTarget } from './target.ts';

/** A process with servers on 127.0.0.1. `turn` tells between which two readings of the host's clock (ms) a server changed; `stalls`: when all of it stood still. */
export interface Program { readonly running: Running; readonly ports: readonly number[]; readonly stalls: readonly Span[]; turn(server: number, mode: TargetMode, lateMs?: number): Promise<Span> }

// Below the range from which the kernel takes ports for outgoing connections, or a client could find itself behind a closed door.
const lowestPort = 20_000;
const portRange = 10_000;
const attempts = 20;
const hint = 'is another calibration under way on this machine? With --lock FILE they take turns';

/** Starts a process with so many servers, on ports that were free. `backlog`: how many connections may wait for each. */
export async function startProgram(servers: number, backlog: number, random: () => number): Promise<Program> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const ports = Array.from({ length: servers }, () => lowestPort + Math.floor(random() * portRange));
    const running = startOurs([process.execPath, '--max-semi-space-size=1', '--disable-warning=ExperimentalWarning', fileURLToPath(new URL('./target.ts', import.meta.url))]);
    const { ask, stalls } = converse(running);
    const answer = await ask({ listen: ports, backlog });
    if ('listening' in answer) return { running, ports, stalls, turn: (server, mode, lateMs) => turn(ask, server, mode, lateMs) };
    running.kill('SIGKILL');
    await running.gone;
  }
  throw new DrillError('notReady', { message: `no free ports on 127.0.0.1 from ${lowestPort} to ${lowestPort + portRange} after ${attempts} attempts`, hint });
}

type Ask = (message: ToTarget) => Promise<FromTarget>;

/** Questions and their answers by number, the first being 0; what was not asked for is a stall. */
function converse(running: Running): { readonly ask: Ask; readonly stalls: readonly Span[] } {
  const waiting = new Map<number, (answer: FromTarget) => void>();
  const stalls: Span[] = [];
  const hear = (told: FromTarget): void => {
    if ('stalled' in told) { stalls.push(told.stalled); return; }
    const id = 'id' in told ? told.id : [...waiting.keys()][0] ?? 0;
    waiting.get(id)?.(told);
    waiting.delete(id);
  };
  const listen = async (): Promise<void> => {
    try { for await (const line of running.lines()) hear(JSON.parse(line) as FromTarget); } catch { /* the pipe broke: it has gone */ }
    for (const settle of waiting.values()) settle({ error: 'the target has gone' });
  };
  void listen();
  let last = 0;
  return {
    stalls,
    ask: (message) => new Promise((resolve) => {
      const id = 'id' in message ? last += 1 : 0;
      waiting.set(id, resolve);
      running.write(JSON.stringify('id' in message ? { ...message, id } : message));
    }),
  };
}

async function turn(ask: Ask, server: number, mode: TargetMode, lateMs = 0): Promise<Span> {
  const answer = await ask({ id: 0, server, mode, lateMs });
  if (!('before' in answer)) throw new DrillError('notReady', { message: `a target could not change: ${'error' in answer ? answer.error : JSON.stringify(answer)}`, hint });
  return { low: answer.before, high: answer.after };
}
