import type { Clock } from '../clock.ts';
import type { Entry, Sample } from '../history.ts';
import type { Place } from '../topology.ts';
import type { BoundProbe } from '../world.ts';
import type { Calls } from './calls.ts';
import { silentAfterMs, type FromAgent } from './protocol.ts';

/** Two readings of one clock may be rounded apart by this (ms). */
const clockGrainMs = 1;

/** What is heard from an agent, and what is not: turns lines into entries, and time of which nothing is known into `blind` ones. */
export interface Hearing {
  hear(line: string): void;
  /** Nothing has been heard since the last beat, and no more of that time will be. */
  lose(why: string): void;
  expect(probes: readonly BoundProbe[]): void;
  /** The longest limit (ms) of these probes' looks, or of all. */
  longestMs(probes?: readonly string[]): number;
  forget(probes?: readonly string[]): void;
}

/** Listens for the agent in one place. Blind time is only told while probes are expected to look. */
export function makeHearing(clock: Clock, place: Place, calls: Calls, sink: (entry: Entry) => void): Hearing {
  const watched = new Map<string, { readonly timeoutMs: number; seq: number; scheduled: number }>();
  let knownTo: number | null = null;
  let stepped = false;
  const blind = (from: number, to: number, why: string, probe: string | null = null): void => {
    if (watched.size > 0 && to > from) sink({ kind: 'blind', at: clock.now(), probe, place, from, to, why });
  };
  const hearBeat = (at: number): void => {
    // A line may come late, but not before it was written, and no clock here goes back: one that does either is no longer the harness's, and stays so.
    stepped ||= at > clock.now() + clockGrainMs || (knownTo !== null && at < knownTo);
    if (knownTo !== null && stepped) blind(Math.min(knownTo, at), Math.max(knownTo, at), 'the agent`s clock is not the harness`s');
    else if (knownTo !== null && at - knownTo > silentAfterMs) blind(knownTo, at, 'the agent stood still');
    knownTo = at;
  };
  const hearSample = (sample: Sample): void => {
    const probe = watched.get(sample.probe);
    if (probe && sample.seq !== probe.seq + 1) blind(probe.scheduled, sample.scheduled, 'samples were lost on their way', sample.probe);
    if (probe) { probe.seq = sample.seq; probe.scheduled = sample.scheduled; }
  };
  return {
    hear(line) {
      const message = parse(line);
      if (message === null) sink({ kind: 'note', at: clock.now(), text: `the agent in ${place} said what is not a message: ${line.slice(0, 200)}`, by: place });
      else if ('beat' in message) hearBeat(message.beat);
      else if ('id' in message) calls.settle(message);
      else {
        if (message.entry.kind === 'sample') hearSample(message.entry);
        sink(message.entry);
      }
    },
    lose(why) {
      const now = clock.now();
      blind(knownTo ?? 0, now, why);
      knownTo = now;
    },
    expect(probes) {
      for (const { name, timeoutMs } of probes) watched.set(name, { timeoutMs, seq: -1, scheduled: clock.now() });
    },
    longestMs: (probes = [...watched.keys()]) => Math.max(0, ...probes.map((name) => watched.get(name)?.timeoutMs ?? 0)),
    forget(probes = [...watched.keys()]) {
      for (const name of probes) watched.delete(name);
    },
  };
}

function parse(line: string): FromAgent | null {
  try { return JSON.parse(line) as FromAgent; } catch { return null; }
}
