import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostMs } from '../clock.ts';
import type { Cut, Side, Undo, UndoRecord } from '../world.ts';

/** Makes one pull of a lever: what it does, in words, for how long, and how; `act` answers how to take it back. */
export type MakePull = (lever: UndoRecord['lever'], what: string, forMs: number, act: (id: string) => Promise<() => Promise<void>>) => Promise<Undo>;

/** Pulls whose record is a file in `undoDir` before anything is done, and until it is taken back. A pull that fails leaves no record; a heal that fails may be tried again. */
export function openPulls(undoDir: string): MakePull {
  let pulls = 0;
  return async (lever, what, forMs, act) => {
    const id = `${++pulls}`;
    const record: UndoRecord = { id, lever, what, deadline: hostMs() + forMs };
    const file = join(undoDir, `${id}-${lever}.json`);
    await mkdir(undoDir, { recursive: true });
    await writeFile(file, `${JSON.stringify(record, null, 2)}\n`);
    const undo = await act(id).catch(async (error: unknown) => { await rm(file, { force: true }); throw error; });
    let healing: Promise<void> | undefined;
    return { record, heal: () => (healing ??= undo().then(() => rm(file, { force: true })).catch((error: unknown) => { healing = undefined; throw error; })) };
  };
}

/** A cut in words: `seoul from everything else (reject, only what goes in)`. */
export function sayCut(a: Side, b: Side, { how, direction, sharePct, flap }: Cut): string {
  const more = [...(how === 'drop' ? [] : [how]), ...(direction === 'both' ? [] : [`only what goes ${direction}`]), ...(sharePct === undefined ? [] : [`${sharePct} % of it`]), ...(flap ? [`${flap.onMs / 1000} s in ${(flap.onMs + flap.offMs) / 1000} s`] : [])];
  return `${saySide(a)} from ${saySide(b)}${more.length === 0 ? '' : ` (${more.join(', ')})`}`;
}

function saySide(side: Side): string {
  if (side === 'rest') return 'everything else';
  return side.part === undefined ? side.place : `${side.place}/${side.only ?? side.part}`;
}
