import type { Clock } from '../clock.ts';
import type { Entry, Gap } from '../history.ts';
import { makePace, type Pace } from '../ticker/pace.ts';
import type { Probe } from '../probe.ts';
import { tick } from '../ticker.ts';
import type { Place } from '../topology.ts';
import type { BoundProbe, Senses } from '../world.ts';
import { kinds } from './kinds.ts';

const gapEveryMs = 5_000;

/** Everything a place needs to look from: what to look with, at what, and where to say what was seen. `stallMs`: the longest stall of this process since last asked. */
export interface Stand {
  readonly clock: Clock;
  readonly place: Place;
  readonly probes: readonly BoundProbe[];
  readonly senses: Partial<Senses>;
  readonly sink: (entry: Entry) => void;
  readonly stallMs?: () => number;
}

/** Probes that tick. `stop` waits for looks under way; with the last of them it says once more how well the schedule was kept. Unknown names are nobody's. */
export interface Watching { stop(probes?: readonly string[]): Promise<void> }

/** Opens every probe of this place and starts its ticker within its first interval, each at a phase of its own so that they do not all look at once; a `gap` entry every 5 s tells how well the schedule was kept. Throws where a sense is missing. */
export function watchFrom(stand: Stand): Watching {
  const pace = makePace();
  const running = new Map<string, Ticking>();
  const looks = stand.probes.map((probe) => ({ probe, ...open(probe, stand.senses) }));
  for (const [index, { probe, says, look }] of looks.entries()) {
    const end = new AbortController();
    const landed = tick(stand.clock, { ...probe, says, phaseMs: (probe.everyMs * index) / looks.length }, look, stand.sink, end.signal, pace);
    running.set(probe.name, { end, landed });
  }
  const gaps = new AbortController();
  const told = tellGaps(stand, pace, gaps.signal);
  return {
    async stop(probes) {
      const names = probes ?? [...running.keys()];
      const ending = names.map((name) => running.get(name)).filter((one) => one !== undefined);
      for (const one of ending) one.end.abort();
      await Promise.all(ending.map((one) => one.landed));
      for (const name of names) running.delete(name);
      if (running.size === 0) { gaps.abort(); await told; }
    },
  };
}

interface Ticking { readonly end: AbortController; readonly landed: Promise<void> }

function open(bound: BoundProbe, senses: Partial<Senses>) {
  const kind = kinds.find((one) => one.kind === bound.kind);
  if (kind === undefined) throw new Error(`${bound.name}: no agent can take a look of kind ${bound.kind}`);
  const missing = kind.needs.filter((sense: keyof Senses) => senses[sense] === undefined);
  if (missing.length > 0) throw new Error(`${bound.name}: ${bound.place} cannot ${missing.join(', ')}`);
  return { says: kind.says, look: openLook(kind, senses, bound) };
}

function openLook(kind: Probe<any, any, any>, senses: Partial<Senses>, bound: BoundProbe) {
  return kind.open(senses as Senses, kind.params.parse(bound.params), { name: bound.name, place: bound.place });
}

async function tellGaps({ clock, place, sink, stallMs }: Stand, pace: Pace, signal: AbortSignal): Promise<void> {
  const tell = (): void => { sink({ kind: 'gap', at: clock.now(), place, ...pace.take(), stallMax: stallMs?.() ?? 0 } satisfies Gap); };
  for (;;) {
    try { await clock.sleep(gapEveryMs, signal); } catch { break; }
    tell();
  }
  tell();
}
