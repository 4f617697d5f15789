import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostMs } from '../../clock.ts';
import { must, type Exec } from '../../exec.ts';
import type { Part, Place } from '../../topology.ts';
import type { Levers, Side, Undo, UndoRecord } from '../../world.ts';
import { networksOf, type Addresses } from './addresses.ts';
import { table } from './network.ts';
import { awaitDeath, signalPrograms, signalScript, startAgain, type Program } from './programs.ts';

interface Ground { readonly addresses: Addresses; readonly programs: readonly Program[]; readonly inWorld: Exec; readonly router: Exec; readonly undoDir: string }

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
    cut: (a, b, _how, forMs) => pull('cut', `${saySide(a)} from ${saySide(b)}`, forMs, (id) => cutLink(ground, id, a, b, forMs)),
    kill: (place, part, forMs) => pull('kill', `${place}/${part}`, forMs, (id) => stopPrograms(ground, id, programsOf(ground, place, part), forMs, 'KILL')),
    freeze: (place, part, forMs) => pull('freeze', `${place}/${part}`, forMs, (id) => stopPrograms(ground, id, programsOf(ground, place, part), forMs, 'STOP')),
  };
}

/** One set per pull, whose elements the kernel itself lets expire; an expired set drops nothing. */
async function cutLink(ground: Ground, id: string, a: Side, b: Side, forMs: number): Promise<() => Promise<void>> {
  const left = networksOf(ground.addresses, a, b);
  const right = networksOf(ground.addresses, b, a);
  if (a !== 'rest' && b !== 'rest' && a.place === b.place) throw new Error(`${saySide(a)} and ${saySide(b)} stand in one place: nothing between them crosses the router, so it cannot be cut`);
  const timeout = `timeout ${Math.max(1, Math.round(forMs))}ms`;
  const elements = left.flatMap((one) => right.flatMap((two) => [`${one} . ${two} ${timeout}`, `${two} . ${one} ${timeout}`]));
  const set = `cut${id}`;
  await must(ground.router, ['nft', '-f', '-'], {
    input: `add set ${table} ${set} { type ipv4_addr . ipv4_addr; flags interval,timeout; }
add element ${table} ${set} { ${elements.join(', ')} }
add rule ${table} cuts ip saddr . ip daddr @${set} counter drop comment "${set}"
`,
  });
  return async () => {
    const rules = await must(ground.router, ['nft', '-a', 'list', 'chain', ...table.split(' '), 'cuts']);
    const handle = new RegExp(`comment "${set}" # handle (\\d+)`).exec(rules)?.[1];
    if (handle !== undefined) await must(ground.router, ['nft', `delete rule ${table} cuts handle ${handle}; delete set ${table} ${set}`]);
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
  return side.part === undefined ? side.place : `${side.place}/${side.part}`;
}
