import { readFileSync } from 'node:fs';

/** What share (%) of all this machine's processor time its host gave to others since the call before; undefined where the machine does not tell. proc(5), /proc/stat: `steal` is the eighth figure, guest time is part of the first two. */
export function makeStolen(read: () => string = readStat): () => number | undefined {
  let before = ticksIn(read);
  return () => {
    const now = ticksIn(read);
    const all = now && before ? now.all - before.all : 0;
    const pct = now && before && all > 0 ? (100 * (now.stolen - before.stolen)) / all : undefined;
    before = now;
    return pct;
  };
}

const readStat = () => readFileSync('/proc/stat', 'utf8');

/** All processor time of this machine so far, and what of it its host gave to others, in ticks of 10 ms; null where the machine does not tell. */
export function ticksIn(read: () => string = readStat): { readonly all: number; readonly stolen: number } | null {
  let line: string | undefined;
  try { line = /^cpu +(.*)$/m.exec(read())?.[1]; } catch { return null; }
  const figures = (line ?? '').split(/\s+/).slice(0, 8).map(Number);
  return figures.length === 8 && figures.every(Number.isFinite) ? { all: figures.reduce((sum, one) => sum + one, 0), stolen: figures[7] as number } : null;
}
