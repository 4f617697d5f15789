import type { Entry } from '../history.ts';
import type { Place } from '../topology.ts';
import type { Atlas, BoundProbe, Sense } from '../world.ts';

/** The senses of which an agent can be asked one look. */
export type Asked = Exclude<Sense, 'census' | 'crowd'>;

/** What an agent is told first, once: the zero of its clock (a `hostMs()` reading), where it stands, and where things are. */
export interface Opening { readonly originMs: number; readonly place: Place; readonly atlas: Atlas }

/** What the harness may ask of an agent; each is answered once, by its id. Watching is answered when all probes look, stopping when the last look has landed. */
export type Request =
  | { readonly ask: 'watch'; readonly probes: readonly BoundProbe[] }
  | { readonly ask: 'stop'; readonly probes?: readonly string[] }
  | { readonly ask: 'look'; readonly sense: Asked; readonly args: readonly unknown[]; readonly timeoutMs: number };

/** One line to an agent. */
export type ToAgent = { readonly open: Opening } | ({ readonly id: number } & Request);

/** One line from an agent. A beat is its own clock's reading: while beats follow each other closely, nothing was missed, however late they arrive. */
export type FromAgent =
  | { readonly entry: Entry }
  | { readonly beat: number }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };

/** How often an agent says that it lives (ms). */
export const beatEveryMs = 500;
/** After so long without a beat nothing is known of what an agent saw (ms). */
export const silentAfterMs = 2_500;
/** An agent, or a program that looks for a probe, may take so long to start on a busy machine (ms): nothing is measured yet. */
export const startsWithinMs = 20_000;
