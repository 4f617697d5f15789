import type { Exec } from '../../exec.ts';
import type { Part, Place } from '../../topology.ts';
import type { Levers } from '../../world.ts';
import { openPulls, sayCut } from '../pull.ts';
import { watchOver } from '../watchdog.ts';
import { at, groundOf } from './addresses.ts';
import { cutLink, type CutGround } from './cut.ts';
import { overwrite, type Rewriting } from './overwrite.ts';
import { awaitDeath, signalPrograms, signalScript, startAgain, type Program } from './programs.ts';

/** What the levers take hold of. `rewriting`: how the service's name is given other addresses. */
export interface Ground extends CutGround { readonly programs: readonly Program[]; readonly inWorld: Exec; readonly undoDir: string; rewriting(addresses: readonly string[]): Rewriting }

/** The levers of the embedded world. Each pull is on disk before it is made and ends by itself inside the world, with no process of ours left to end it. */
export function makeLevers(ground: Ground): Omit<Levers, 'stall' | 'sever'> {
  const pull = openPulls(ground.undoDir);
  return {
    cut: (a, b, how, forMs) => pull('cut', sayCut(a, b, how), forMs, (id) => cutLink(ground, id, a, b, how, forMs)),
    kill: (place, part, forMs) => pull('kill', `${place}/${part}`, forMs, (id) => stopPrograms(ground, id, programsOf(ground, place, part), forMs, 'KILL')),
    freeze: (place, part, forMs) => pull('freeze', `${place}/${part}`, forMs, (id) => stopPrograms(ground, id, programsOf(ground, place, part), forMs, 'STOP')),
    overwrite: (answer, forMs) => pull('overwrite', answer === 'empty' ? 'the service has no address' : `the service is in ${answer.region}`, forMs, (id) => overwrite(ground.in('outside'), id, ground.rewriting(answer === 'empty' ? [] : [at(groundOf(ground.addresses, answer.region), 'app')]), forMs)),
  };
}

/** Signals the programs; a watchdog inside the world, child of nobody here, takes it back at the deadline. */
async function stopPrograms(ground: Ground, id: string, programs: readonly Program[], forMs: number, signal: 'KILL' | 'STOP'): Promise<() => Promise<void>> {
  const back = signal === 'STOP' ? signalScript(programs, 'CONT') : startAgain(programs);
  const undo = await watchOver(ground.inWorld, `/run/watchdog${id}`, forMs, `${back}\ntrue`);
  await signalPrograms(ground.inWorld, programs, signal).then(() => (signal === 'KILL' ? awaitDeath(ground.inWorld, programs) : undefined)).catch(async (error: unknown) => { await undo(); throw error; });
  return undo;
}

function programsOf(ground: Ground, place: Place, part: Part | 'all'): readonly Program[] {
  const found = ground.programs.filter((program) => program.place === place && (part === 'all' || program.part === part));
  if (found.length === 0) throw new Error(`${place} has no ${part} to stop`);
  return found;
}
