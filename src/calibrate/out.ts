import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { hostMs } from '../clock.ts';
import { here, type Running } from '../exec.ts';
import type { Span } from './held.ts';
import type { FromTarget, TargetMode, ToTarget } from './target.ts';

/** What a real target does while it is out: the kernel drops what knocks, nothing listens, the process stands still behind an open door, or it says so. */
export const realModes = ['silent', 'refused', 'frozen', '503'] as const;
export type RealMode = (typeof realModes)[number];

/** A server on 127.0.0.1 that can be taken away and brought back; each tells between which two readings of the host's clock (ms) it changed. */
export interface Target { readonly port: number; readonly mode: RealMode; takeAway(): Promise<Span>; bringBack(): Promise<Span> }

/** Real targets and how to end them. */
export interface Targets { readonly all: readonly Target[]; close(): Promise<void> }

// Below the range from which the kernel takes ports for outgoing connections, or a client could find itself behind a closed door.
const lowestPort = 20_000;
const portRange = 10_000;
/** A queue of one holds two: from then on the kernel drops what knocks. */
const shortQueue = 1;
const fillers = 3;

/** Starts `count` targets of each mode. Those that are frozen or silent have a process each, since all of it stops. */
export async function openTargets(modes: readonly RealMode[], count: number, random: () => number): Promise<Targets> {
  const opened: { target: Target; program: Program }[] = [];
  try {
    for (const mode of modes) {
      if (mode === 'refused' || mode === '503') {
        const program = await startProgram(count, 511, random);
        opened.push(...program.ports.map((port, server) => ({ program, target: turned(program, server, port, mode) })));
      } else {
        for (let index = 0; index < count; index += 1) {
          const program = await startProgram(1, mode === 'silent' ? shortQueue : 511, random);
          opened.push({ program, target: stopped(program, program.ports[0] as number, mode) });
        }
      }
    }
  } finally {
    process.once('exit', () => { for (const { program } of opened) program.running.kill('SIGKILL'); });
  }
  return {
    all: opened.map(({ target }) => target),
    async close() {
      const programs = new Set(opened.map(({ program }) => program));
      for (const { running } of programs) running.kill('SIGKILL');
      await Promise.all([...programs].map(({ running }) => running.gone));
    },
  };
}

interface Program { readonly running: Running; readonly ports: readonly number[]; turn(server: number, mode: TargetMode): Promise<Span> }

async function startProgram(servers: number, backlog: number, random: () => number): Promise<Program> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const ports = Array.from({ length: servers }, () => lowestPort + Math.floor(random() * portRange));
    const running = here.start([process.execPath, '--max-semi-space-size=1', '--disable-warning=ExperimentalWarning', fileURLToPath(new URL('./target.ts', import.meta.url))]);
    const told = running.lines()[Symbol.asyncIterator]();
    const ask = async (message: ToTarget): Promise<FromTarget> => {
      running.write(JSON.stringify(message));
      return JSON.parse((await told.next()).value as string) as FromTarget;
    };
    const answer = await ask({ listen: ports, backlog });
    if ('listening' in answer) return { running, ports, turn: inTurn(ask) };
    running.kill('SIGKILL');
    await running.gone;
  }
  throw new Error(`no free ports from ${lowestPort} on`);
}

function inTurn(ask: (message: ToTarget) => Promise<FromTarget>): Program['turn'] {
  let last: Promise<unknown> = Promise.resolve();
  return (server, mode) => {
    const turned = last.then(async () => {
      const answer = await ask({ id: server, server, mode });
      if (!('before' in answer)) throw new Error(`a target could not change: ${JSON.stringify(answer)}`);
      return { low: answer.before, high: answer.after };
    });
    last = turned.catch(() => {});
    return turned;
  };
}

function turned(program: Program, server: number, port: number, mode: 'refused' | '503'): Target {
  return { port, mode, takeAway: () => program.turn(server, mode), bringBack: () => program.turn(server, 'up') };
}

function stopped({ running }: Program, port: number, mode: 'frozen' | 'silent'): Target {
  let waiting: Socket[] = [];
  return {
    port, mode,
    async takeAway() {
      const low = hostMs();
      process.kill(running.pid, 'SIGSTOP');
      while (stateOf(running.pid) !== 'T') await new Promise((resolve) => { setImmediate(resolve); });
      const high = hostMs();
      if (mode === 'silent') waiting = Array.from({ length: fillers }, () => connect(port, '127.0.0.1').on('error', () => {}));
      return { low, high };
    },
    async bringBack() {
      for (const socket of waiting) socket.destroy();
      const low = hostMs();
      process.kill(running.pid, 'SIGCONT');
      while (!await serves(port)) { /* it is back when it has served somebody */ }
      return { low, high: hostMs() };
    },
  };
}

function stateOf(pid: number): string | undefined {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0];
}

function serves(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => { socket.write('GET / HTTP/1.1\r\nhost: witness\r\nconnection: close\r\n\r\n'); });
    const end = (served: boolean): void => { socket.destroy(); resolve(served); };
    socket.on('data', () => end(true)).on('error', () => end(false)).on('close', () => end(false)).setTimeout(50, () => end(false));
  });
}
