import type { Clock } from '../clock.ts';
import type { Entry, Gap } from '../history.ts';
import { makePace, type Pace } from '../ticker/pace.ts';
import type { Look, Probe, Stream } from '../probe.ts';
import { tick } from '../ticker.ts';
import type { Kind } from '../seen.ts';
import type { Place } from '../topology.ts';
import type { BoundProbe, Sense, Senses } from '../world.ts';
import { kinds } from './kinds.ts';

const gapEveryMs = 5_000;

/** Everything a place needs to look from: what to look with, at what, and where to say what was seen. `stallMs`: the longest stall of this process since last asked; `stolenPct`: what share of the machine's processor time went to others. */
export interface Stand {
  readonly clock: Clock;
  readonly place: Place;
  readonly probes: readonly BoundProbe[];
  readonly senses: Partial<Senses>;
  readonly sink: (entry: Entry) => void;
  readonly stallMs?: () => number;
  readonly stolenPct?: () => number | undefined;
}

/** Probes that tick. `begun`: also those that programs look for; rejects with why one of these cannot. `stop` waits for looks under way; with the last of them it says once more how well the schedule was kept. Unknown names are nobody's. */
export interface Watching { readonly begun: Promise<void>; stop(probes?: readonly string[]): Promise<void> }

/** Opens every probe of this place and starts its ticker within its first interval, each at a phase of its own so that they do not all look at once; a `gap` entry every 5 s tells how well the schedule was kept. Throws where a sense is missing. */
export function watchFrom(stand: Stand): Watching {
  const pace = makePace();
  const running = new Map<string, Looking>();
  const looks = stand.probes.map((probe) => ({ probe, ...open(probe, stand.senses) }));
  for (const [index, { probe, says, look }] of looks.entries()) {
    if (typeof look === 'function') {
      const end = new AbortController();
      const landed = tick(stand.clock, { ...probe, says, phaseMs: (probe.everyMs * index) / looks.length }, look, stand.sink, end.signal, pace);
      running.set(probe.name, { begun: Promise.resolve(), end: () => { end.abort(); return landed; } });
    } else running.set(probe.name, flow(stand, probe, says, look, pace));
  }
  const gaps = new AbortController();
  const told = tellGaps(stand, pace, gaps.signal);
  return {
    begun: Promise.all([...running.values()].map((one) => one.begun)).then(() => {}),
    async stop(probes) {
      const names = probes ?? [...running.keys()];
      const ending = names.map((name) => running.get(name)).filter((one) => one !== undefined);
      await Promise.all(ending.map((one) => one.end()));
      for (const name of names) running.delete(name);
      if (running.size === 0) { gaps.abort(); await told; }
    },
  };
}

/** `end` resolves when the last look has landed. */
interface Looking { readonly begun: Promise<void>; end(): Promise<void> }

/** Looks that a program makes: counted in the place's pace by its own schedule, and told as any others. */
function flow(stand: Stand, probe: BoundProbe, says: Kind, stream: Stream<Kind>, pace: Pace): Looking {
  const { name, place, everyMs, timeoutMs, script = '' } = probe;
  let seq = 0;
  const begun = stream.begin({ everyMs, timeoutMs, script }, {
    look({ scheduled, started, ended, ok, error, data, first }) {
      if (first) pace.started(started - scheduled);
      stand.sink({ kind: 'sample', at: started, says, probe: name, place, seq, scheduled, started, ended, ok, error, data });
      seq += 1;
    },
    missed: (ticks) => { pace.missed(ticks); },
    blind: (from, to, why) => { stand.sink({ kind: 'blind', at: stand.clock.now(), probe: name, place, from, to, why }); },
    note: (text) => { stand.sink({ kind: 'note', at: stand.clock.now(), text: `${name}: ${text}`, by: name }); },
  });
  return { begun: begun.then(() => {}), end: () => begun.then((one) => one.stop(), () => {}) };
}

function open(bound: BoundProbe, senses: Partial<Senses>) {
  const kind = kinds.find((one) => one.kind === bound.kind);
  if (kind === undefined) throw new Error(`${bound.name}: no agent can take a look of kind ${bound.kind}`);
  const missing = kind.needs.filter((sense: Sense) => senses[sense] === undefined);
  if (missing.length > 0) throw new Error(`${bound.name}: ${bound.place} cannot ${missing.join(', ')}`);
  return { says: kind.says as Kind, look: openLook(kind, senses, bound) };
}

function openLook(kind: Probe<any, any, any, any>, senses: Partial<Senses>, bound: BoundProbe): Look<Kind> | Stream<Kind> {
  return kind.open(senses as Senses, kind.params.parse(bound.params), { name: bound.name, place: bound.place });
}

async function tellGaps({ clock, place, sink, stallMs, stolenPct }: Stand, pace: Pace, signal: AbortSignal): Promise<void> {
  const tell = (): void => {
    const stolen = stolenPct?.();
    sink({ kind: 'gap', at: clock.now(), place, ...pace.take(), stallMax: stallMs?.() ?? 0, ...(stolen === undefined ? {} : { stolenPct: stolen }) } satisfies Gap);
  };
  for (;;) {
    try { await clock.sleep(gapEveryMs, signal); } catch { break; }
    tell();
  }
  tell();
}
