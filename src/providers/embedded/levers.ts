import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostMs } from '../../clock.ts';
import { must, type Exec } from '../../exec.ts';
import type { Part, Place } from '../../topology.ts';
import type { Cut, Levers, Side, Undo, UndoRecord } from '../../world.ts';
import { at, groundOf } from './addresses.ts';
import { cutLink, type CutGround } from './cut.ts';
import { overwrite, type Rewriting } from './overwrite.ts';
import { awaitDeath, signalPrograms, signalScript, startAgain, type Program } from './programs.ts';

/** What the levers take hold of. `rewriting`: how the service's name is given other addresses. */
export interface Ground extends CutGround { readonly programs: readonly Program[]; readonly inWorld: Exec; readonly undoDir: string; rewriting(addresses: readonly string[]): Rewriting }

/** The levers of the embedded world. Each pull is on disk before it is made and ends by itself inside the world, with no process of ours left to end it. */
export function makeLevers(ground: Ground): Omit<Levers, 'stall' | 'sever'> {
  let pulls = 0;
  const pull = async (lever: UndoRecord['lever'], what: string, forMs: number, act: (id: string) => Promise<() => Promise<void>>): Promise<Undo> => {
    const id = `${++pulls}`;
    const record: UndoRecord = { id, lever, what, deadline: hostMs() + forMs };
    const file = join(ground.undoDir, `${id}-${lever}.json`);
    await mkdir(ground.undoDir, { recursive: true });
    await writeFile(file, `${JSON.stringify(record, null, 2)}\n`);
    const undo = await act(id).catch(async (error: unknown) => { await rm(file, { force: true }); throw error; });
    let healing: Promise<void> | undefined;
    return { record, heal: () => (healing ??= undo().then(() => rm(file, { force: true })).catch((error: unknown) => { healing = undefined; throw error; })) };
  };
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
  const watchdog = `sleep ${(forMs / 1000).toFixed(3)}\n${back}\n`;
  await must(ground.inWorld, ['sh', '-e'], { input: `cat > /run/watchdog${id} <<'END_OF_WATCHDOG'\n${watchdog}END_OF_WATCHDOG\nsetsid -f sh -c 'echo $$ > /run/watchdog${id}.pid; exec sh /run/watchdog${id}' >/dev/null 2>&1 </dev/null\n` });
  const undo = async () => {
    await must(ground.inWorld, ['sh'], { input: `pid=$(cat /run/watchdog${id}.pid 2>/dev/null) && kill -9 -"$pid" 2>/dev/null\nrm -f /run/watchdog${id}*\n${back}\ntrue\n`, timeoutMs: 20_000 });
  };
  await signalPrograms(ground.inWorld, programs, signal).then(() => (signal === 'KILL' ? awaitDeath(ground.inWorld, programs) : undefined)).catch(async (error: unknown) => { await undo(); throw error; });
  return undo;
}

function programsOf(ground: Ground, place: Place, part: Part | 'all'): readonly Program[] {
  const found = ground.programs.filter((program) => program.place === place && (part === 'all' || program.part === part));
  if (found.length === 0) throw new Error(`${place} has no ${part} to stop`);
  return found;
}

function saySide(side: Side): string {
  if (side === 'rest') return 'everything else';
  return side.part === undefined ? side.place : `${side.place}/${side.only ?? side.part}`;
}

function sayCut(a: Side, b: Side, { how, direction, sharePct, flap }: Cut): string {
  const more = [...(how === 'drop' ? [] : [how]), ...(direction === 'both' ? [] : [`only what goes ${direction}`]), ...(sharePct === undefined ? [] : [`${sharePct} % of it`]), ...(flap ? [`${flap.onMs / 1000} s in ${(flap.onMs + flap.offMs) / 1000} s`] : [])];
  return `${saySide(a)} from ${saySide(b)}${more.length === 0 ? '' : ` (${more.join(', ')})`}`;
}
