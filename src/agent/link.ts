import type { Clock } from '../clock.ts';
import type { Running } from '../exec.ts';
import type { Entry, Sample } from '../history.ts';
import type { Place } from '../topology.ts';
import type { Atlas, BoundProbe, Sense } from '../world.ts';
import { makeCalls } from './calls.ts';
import { silentAfterMs, type FromAgent } from './protocol.ts';

/** How long past its own limit a request may stay without an answer, and how long after its stdin an agent may stay (ms). */
const graceMs = 2_000;

/** Where an agent is to stand, and the run's real clock. */
export interface Setup { readonly clock: Clock & { readonly originMs: number }; readonly place: Place; readonly atlas: Atlas }

/** An agent, from the harness's side. */
export interface Agent {
  /** Resolves when the probes tick; may be called again with others. Rejects with the agent's reason. */
  start(probes: readonly BoundProbe[]): Promise<void>;
  /** One look now. Rejects with what the look threw, or when the agent did not answer in time. */
  look(sense: Exclude<Sense, 'census'> | Sense, args: readonly unknown[], timeoutMs: number): Promise<unknown>;
  /** Resolves when the last look under way has landed and its entry has arrived; an agent that does not answer becomes `blind`. Never rejects. */
  stop(probes?: readonly string[]): Promise<void>;
  /** Ends the agent. */
  close(): Promise<void>;
}

/**
 * Speaks with an agent over its stdin and stdout. `sink` gets its entries in the order they were written, and a `blind` entry for each time of which nothing
 * is known: the agent stood still for more than 2.5 s, it has gone, or lines were lost. Entries that only arrive late are not lost.
 */
export function connectAgent(running: Running, { clock, place, atlas }: Setup, sink: (entry: Entry) => void): Agent {
  const calls = makeCalls((line) => running.write(line));
  const watched = new Map<string, { readonly timeoutMs: number; seq: number; scheduled: number }>();
  let knownTo: number | null = null;
  let closing = false;
  running.write(JSON.stringify({ open: { originMs: clock.originMs, place, atlas } }));

  const blind = (from: number, to: number, why: string, probe: string | null = null): void => {
    if (watched.size > 0 && to > from) sink({ kind: 'blind', at: clock.now(), probe, place, from, to, why });
  };
  const lose = (why: string): void => {
    const now = clock.now();
    blind(knownTo ?? 0, now, why);
    knownTo = now;
  };
  const hearBeat = (at: number): void => {
    if (knownTo !== null && at - knownTo > silentAfterMs) blind(knownTo, at, 'the agent stood still');
    knownTo = at;
  };
  const hearSample = (sample: Sample): void => {
    const probe = watched.get(sample.probe);
    if (probe && sample.seq !== probe.seq + 1) blind(probe.scheduled, sample.scheduled, 'samples were lost on their way', sample.probe);
    if (probe) { probe.seq = sample.seq; probe.scheduled = sample.scheduled; }
  };
  const hear = (line: string): void => {
    const message = parse(line);
    if (message === null) sink({ kind: 'note', at: clock.now(), text: `the agent in ${place} said what is not a message: ${line.slice(0, 200)}` });
    else if ('beat' in message) hearBeat(message.beat);
    else if ('id' in message) calls.settle(message);
    else {
      if (message.entry.kind === 'sample') hearSample(message.entry);
      sink(message.entry);
    }
  };
  const listening = listen(running, hear).then(() => {
    calls.failAll(`the agent in ${place} has gone`);
    if (!closing) lose('the agent has gone');
  });
  return {
    async start(probes) {
      for (const probe of probes) watched.set(probe.name, { timeoutMs: probe.timeoutMs, seq: -1, scheduled: clock.now() });
      await calls.call({ ask: 'watch', probes }, silentAfterMs + graceMs);
    },
    look: (sense, args, timeoutMs) => calls.call({ ask: 'look', sense: sense as Exclude<Sense, 'census'>, args, timeoutMs }, timeoutMs + graceMs),
    async stop(probes) {
      const names = probes ?? [...watched.keys()];
      const longestMs = Math.max(0, ...names.map((name) => watched.get(name)?.timeoutMs ?? 0));
      try {
        await calls.call({ ask: 'stop', ...(probes ? { probes } : {}) }, longestMs + silentAfterMs + graceMs);
      } catch {
        lose('the agent does not answer');
      }
      for (const name of names) watched.delete(name);
    },
    async close() {
      closing = true;
      running.end();
      const insist = setTimeout(() => running.kill('SIGKILL'), graceMs);
      await running.gone;
      clearTimeout(insist);
      await listening;
    },
  };
}

async function listen(running: Running, hear: (line: string) => void): Promise<void> {
  // However the stream ends, an end is all it means: `blind` tells what it costs.
  try { for await (const line of running.lines()) hear(line); } catch { /* the pipe broke */ }
}

function parse(line: string): FromAgent | null {
  try { return JSON.parse(line) as FromAgent; } catch { return null; }
}
