import { watchFrom } from '../../agent/run.ts';
import type { Entry, Mark } from '../../history.ts';
import type { Place, Topology } from '../../topology.ts';
import type { BoundProbe, Senses, Step, Undo, World } from '../../world.ts';
import { makeVirtualClock, type VirtualClock } from './clock.ts';
import type { Log } from './log.ts';
import { inStep } from './in-step.ts';
import { makeLevers } from './levers.ts';
import { rejoin } from './operator.ts';
import { makeRandom } from './random.ts';
import { makeSenses } from './senses.ts';
import { failBack, switchOver } from './switchover.ts';
import { makeNet, makeSystem, type System } from './system.ts';

/** A simulated world, set going at time 0; the same seed gives the same world. `onClose` is told once. */
export function openWorld(topology: Topology, seed: string, dir: string, onClose: () => void): World {
  const clock = makeVirtualClock();
  const { log, marks } = keepMarks(clock);
  const system = makeSystem(makeNet(clock, makeRandom(`${seed}, packets`), topology), topology, makeRandom(seed), log, dir);
  const inside = new Map(topology.places.map((place) => [place, makeSenses(system, place)]));
  const sensesOf = (place: Place) => {
    const found = inside.get(place);
    if (!found) throw new Error(`there is no place "${place}"`);
    return found;
  };
  const levers = makeLevers(system);
  return {
    clock: clock.outside,
    topology,
    about: { versions: { sim: '1' }, machine: { simulated: 'yes' } },
    levers: {
      cut: (...call) => clock.awaited(levers.cut(...call)).then((undo) => awaitedUndo(clock, undo)),
      kill: (...call) => clock.awaited(levers.kill(...call)).then((undo) => awaitedUndo(clock, undo)),
      freeze: (...call) => clock.awaited(levers.freeze(...call)).then((undo) => awaitedUndo(clock, undo)),
      overwrite: (...call) => clock.awaited(levers.overwrite(...call)).then((undo) => awaitedUndo(clock, undo)),
    },
    addressOf: (region) => {
      const app = system.apps.get(region);
      if (!app) throw new Error(`there is no region "${region}"`);
      return app.program.address;
    },
    from: (place) => awaitedSenses(clock, sensesOf(place)),
    watch: async (probes, sink) => watch(clock, probes, sink, sensesOf),
    inStep: (signal) => clock.awaited(inStep(system, signal)),
    marks,
    operate: (step, signal) => clock.awaited(operate(system, step, signal)),
    [Symbol.asyncDispose]: async () => { clock.stop(); onClose(); },
  };
}

function keepMarks(clock: VirtualClock): { log: Log; marks: World['marks'] } {
  const kept: Mark[] = [];
  const sinks: ((mark: Mark) => void)[] = [];
  return {
    log: (who, what, subject, evidence) => {
      const mark: Mark = { kind: 'mark', at: clock.now(), who, what, subject, errorMs: 0, evidence };
      kept.push(mark);
      for (const sink of sinks) sink(mark);
    },
    marks: (sink) => { sinks.push(sink); for (const mark of kept) sink(mark); },
  };
}

// Whoever drives the world waits for its looks; agents inside it do not hold time up.
function awaitedSenses(clock: VirtualClock, senses: Partial<Senses>): Partial<Senses> {
  return Object.fromEntries(Object.entries(senses).map(([name, sense]) => {
    const take = sense as (...call: unknown[]) => Promise<unknown>;
    return [name, (...call: unknown[]) => clock.awaited(take(...call))];
  })) as Partial<Senses>;
}

function awaitedUndo(clock: VirtualClock, undo: Undo): Undo {
  return { record: undo.record, heal: () => clock.awaited(undo.heal()) };
}

function watch(clock: VirtualClock, probes: readonly BoundProbe[], sink: (entry: Entry) => void, sensesOf: (place: Place) => Partial<Senses>): Awaited<ReturnType<World['watch']>> {
  const places = [...new Set(probes.map((probe) => probe.place))];
  const agents = places.map((place) => {
    const own = probes.filter((probe) => probe.place === place);
    return { names: own.map((probe) => probe.name), watching: watchFrom({ clock: clock.inside, place, probes: own, senses: sensesOf(place), sink }) };
  });
  return {
    stop: (names) => clock.awaited(Promise.all(agents.map((agent) => (
      names === undefined ? agent.watching.stop() : agent.watching.stop(names.filter((name) => agent.names.includes(name)))
    ))).then(() => {})),
  };
}

const steps = { 'switch over': switchOver, rejoin, 'fail back': failBack } as const;

async function operate({ pilot }: System, step: Step, signal: AbortSignal): Promise<{ readonly said: string; readonly savedTo?: string }> {
  signal.throwIfAborted();
  const doing = steps[step](pilot);
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try { return await Promise.race([doing, aborted]); } finally { signal.removeEventListener('abort', stop); }
}
