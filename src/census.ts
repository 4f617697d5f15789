import type { CensusSeen } from './seen.ts';
import type { Place } from './topology.ts';

/** Who has which rows, at which position: all rows of one server as one snapshot shows them. */
export type Census = Omit<CensusSeen, 'region'>;

/** Whether a replica follows and holds the same rows as its primary at the primary's position; `evidence` has position and checksums. `settled`: they differ, and nothing is still to come. */
export interface Comparison { readonly inStep: boolean; readonly settled?: boolean; readonly evidence: Readonly<Record<string, unknown>> }

/** Runs statements on the server of a region; rows as arrays of text, the first holding the column names where `named`. */
export type Ask = (region: Place, sql: string, signal?: AbortSignal, named?: boolean) => Promise<string[][]>;

/** The harness's own statements for an engine. The pilot has another set, for other ends; the two share nothing. */
export interface Dialect {
  /** The engine's command-line client, which speaks the statements. */
  readonly client: readonly string[];
  takeCensus(ask: Ask, region: Place, signal?: AbortSignal): Promise<Census>;
  /** Once; while writes go on a mismatch may only mean that a commit was under way, so the caller asks again. */
  compareCopies(ask: Ask, primary: Place, replica: Place, signal?: AbortSignal): Promise<Comparison>;
  /** The same of two servers that both take writes and follow each other; can only hold once nobody writes. Not there where it has not been tried. */
  compareWriters?(ask: Ask, one: Place, other: Place, signal?: AbortSignal): Promise<Comparison>;
}
