import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { hostMs } from '../../clock.ts';
import type { Expected, Span } from './held.ts';
import { startProgram, type Program } from './program.ts';
import type { TargetMode } from './target.ts';

/** What a real target does while it is out: the kernel drops what knocks, nothing listens, the process stands still behind an open door, it says so, hangs up, answers too late, or never. */
export const realModes = ['silent', 'refused', 'frozen', '503', 'reset', 'slow', 'hangs'] as const;
/** And in what other shapes it is in trouble: away for less than an interval or so, to and fro without ever being back for long, or slow and still in time. */
export const realShapes = ['blips', 'flaps', 'brown-outs'] as const;
export type RealMode = (typeof realModes)[number] | (typeof realShapes)[number];

/** What a server does in each shape of trouble, and what must be found of it where that is not the same as of any other. */
const shapes: Readonly<Record<(typeof realShapes)[number], { readonly as: TargetMode; readonly expected?: Expected }>> = {
  blips: { as: 'refused' }, flaps: { as: 'refused' }, 'brown-outs': { as: 'late', expected: 'nothing' },
};
const isShape = (mode: RealMode): mode is keyof typeof shapes => mode in shapes;

/** What must be found of such trouble. */
export const expectedOf = (mode: RealMode): Expected => (isShape(mode) ? shapes[mode].expected : undefined) ?? 'found or hidden';
/** Whether looks that knock while it is out wait, and are answered when it is back. */
export const lingers = (mode: RealMode): boolean => mode === 'silent' || mode === 'frozen';

/** A server on 127.0.0.1 that can be taken away and brought back; each tells between which two readings of the host's clock (ms) it changed. `lateMs`: how late it answers, where that is all. `stalls`: when its process stood still, taken away or not. */
export interface Target { readonly port: number; readonly mode: RealMode; takeAway(lateMs?: number): Promise<Span>; bringBack(): Promise<Span>; stalls(): readonly Span[] }

/** Real targets and how to end them. */
export interface Targets { readonly all: readonly Target[]; close(): Promise<void> }

/** A queue so short can be filled, from when on the kernel drops what knocks; long enough that a server that is awake never fills it. */
const shortQueue = 16;
const fillers = 20;

/** Starts `count` targets of each mode. Those that are frozen or silent have a process each, since all of it stops. */
export async function openTargets(modes: readonly RealMode[], count: number, random: () => number): Promise<Targets> {
  const opened: { target: Target; program: Program }[] = [];
  for (const mode of modes) {
    if (mode !== 'silent' && mode !== 'frozen') {
      const program = await startProgram(count, 511, random);
      opened.push(...program.ports.map((port, server) => ({ program, target: turned(program, server, port, mode) })));
    } else {
      for (let index = 0; index < count; index += 1) {
        const program = await startProgram(1, mode === 'silent' ? shortQueue : 511, random);
        opened.push({ program, target: stopped(program, program.ports[0] as number, mode) });
      }
    }
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

function turned(program: Program, server: number, port: number, mode: Exclude<RealMode, 'silent' | 'frozen'>): Target {
  return { port, mode, stalls: () => program.stalls, takeAway: (lateMs) => program.turn(server, isShape(mode) ? shapes[mode].as : mode, lateMs), bringBack: () => program.turn(server, 'up') };
}

function stopped({ running, stalls }: Program, port: number, mode: 'frozen' | 'silent'): Target {
  let waiting: Socket[] = [];
  return {
    port, mode, stalls: () => stalls,
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
