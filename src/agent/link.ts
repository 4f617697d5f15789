import type { Clock } from '../clock.ts';
import type { Running } from '../exec.ts';
import type { Entry } from '../history.ts';
import type { Place } from '../topology.ts';
import type { Atlas, BoundProbe } from '../world.ts';
import { makeCalls } from './calls.ts';
import { makeHearing } from './hearing.ts';
import { silentAfterMs, startsWithinMs, type Asked } from './protocol.ts';

/** How long past its own limit a request may stay without an answer, and how long after its stdin an agent may stay (ms). */
const graceMs = 2_000;

/** Where an agent is to stand, and the run's real clock. */
export interface Setup { readonly clock: Clock & { readonly originMs: number }; readonly place: Place; readonly atlas: Atlas }

/** An agent, from the harness's side. */
export interface Agent {
  /** Resolves when the probes tick; may be called again with others. Rejects with the agent's reason. */
  start(probes: readonly BoundProbe[]): Promise<void>;
  /** One look now. Rejects with what the look threw, or when the agent did not answer in time. */
  look(sense: Asked, args: readonly unknown[], timeoutMs: number): Promise<unknown>;
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
  const hearing = makeHearing(clock, place, calls, sink);
  let closing = false;
  running.write(JSON.stringify({ open: { originMs: clock.originMs, place, atlas } }));
  const listening = listen(running, (line) => hearing.hear(line)).then(() => {
    calls.failAll(`the agent in ${place} has gone`);
    if (!closing) hearing.lose('the agent has gone');
  });
  return {
    async start(probes) {
      hearing.expect(probes);
      await calls.call({ ask: 'watch', probes }, startsWithinMs + graceMs);
    },
    look: (sense, args, timeoutMs) => calls.call({ ask: 'look', sense, args, timeoutMs }, timeoutMs + graceMs),
    async stop(probes) {
      try {
        await calls.call({ ask: 'stop', ...(probes ? { probes } : {}) }, hearing.longestMs(probes) + silentAfterMs + graceMs);
      } catch {
        hearing.lose('the agent does not answer');
      }
      hearing.forget(probes);
    },
    async close() {
      closing = true;
      running.kill('SIGTERM');
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
