import type { Spot } from './net.ts';

/** A TCP connection, as its client knows it. `served`: answers it has brought. `onLost`: what its client does when it breaks. */
export interface Connection {
  readonly from: Spot;
  readonly to: Program;
  readonly life: number;
  open: boolean;
  /** The server has closed it: nothing it still works out is sent. */
  severed: boolean;
  served: number;
  onLost: (why: string) => void;
}

/** A running program of the system. `life` counts its starts and ends: what began in another life is nothing to it. */
export interface Program extends Spot {
  readonly name: string;
  readonly address: string;
  life: number;
  running: boolean;
  /** Kernel-wise alive but not scheduled: what comes in waits in `held`. */
  frozen: boolean;
  readonly held: (() => void)[];
  readonly connections: Set<Connection>;
  /** How many connections it was asked for in this life. */
  asked: number;
  /** How many it takes at a time, and how many it refused in this life because there were as many. */
  most: number;
  refused: number;
  /** What its end and its next start do to what it kept. */
  onEnd: () => void;
  onStart: () => void;
}

/** A program that runs. */
export function makeProgram(spot: Spot, name: string, address: string): Program {
  return { ...spot, name, address, life: 0, running: true, frozen: false, held: [], connections: new Set(), asked: 0, most: Number.POSITIVE_INFINITY, refused: 0, onEnd: () => {}, onStart: () => {} };
}

/** Does `act` when the program is scheduled: now, or when it thaws; never if that life is over. */
export function whenRunning(program: Program, life: number, act: () => void): void {
  if (program.life !== life || !program.running) return;
  if (program.frozen) program.held.push(() => whenRunning(program, life, act)); else act();
}

/** Ends a program; `tellPeers` is what its kernel does for the connections it had. */
export function end(program: Program, tellPeers: (connection: Connection) => void): void {
  if (!program.running) return;
  program.running = false;
  program.life += 1;
  program.held.length = 0;
  for (const connection of [...program.connections]) tellPeers(connection);
  program.onEnd();
}

/** Starts a program that does not run, with nothing left of what it held in memory. */
export function start(program: Program): void {
  if (program.running) return;
  program.running = true;
  program.life += 1;
  Object.assign(program, { asked: 0, refused: 0 });
  program.onStart();
}

/** Stops scheduling a program. */
export function freeze(program: Program): void {
  program.frozen = true;
}

/** Schedules it again: all that came in meanwhile is handled now, in the order it came. */
export function thaw(program: Program): void {
  if (!program.frozen) return;
  program.frozen = false;
  for (const act of program.held.splice(0)) act();
}
