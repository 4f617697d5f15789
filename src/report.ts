import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Advice } from './report/advice.ts';
import { advise } from './report/advise.ts';
import { cannotShow } from './report/cannot-show.ts';
import type { Finding, Verdict } from './check.ts';
import { timeZero, type Entry, type FaultEntry, type FaultState, type History, type Mark, type Note, type Phase, type PhaseEntry, type Run } from './history.ts';
import { seenBy, type SeenBy } from './report/met.ts';
import { modelPopulation, type Population } from './report/population.ts';
import { timelineOf, type Lane } from './report/timeline.ts';
import type { Part, Place } from './topology.ts';

export type { Advice } from './report/advice.ts';

/** A phase of the drill, from its beginning to the next one's (the last: to the end of the run). */
export interface PhaseSpan { readonly phase: Phase; readonly from: number; readonly to: number }

/** What was broken and how it is known: `t0` is the span of decision 1, null where no look proved the fault. */
export interface FaultStory {
  readonly name: string;
  readonly kind: string;
  readonly place: Place | null;
  readonly part: Part | 'all' | null;
  readonly atMostMs: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly t0: { readonly low: number; readonly high: number } | null;
  /** By which errors each probe saw it; null where it was not proven. */
  readonly seenBy: SeenBy | null;
  readonly states: readonly { readonly state: FaultState; readonly at: number; readonly evidence: readonly string[] }[];
}

/** What will be said of a run: a versioned plain object, `report.json`. Readers may rely on `schema`, `run`, `verdict`; the rest may grow. Times are ms since the start of the run. */
export interface Report {
  readonly schema: 1;
  readonly run: Run & { readonly status: History['status'] };
  readonly verdict: Verdict;
  readonly endsAt: number;
  readonly phases: readonly PhaseSpan[];
  readonly faults: readonly FaultStory[];
  readonly marks: readonly Mark[];
  readonly timeline: readonly Lane[];
  readonly notes: readonly Note[];
  /** How a million resolvers would have let go of the old answer; null where the name was not seen to move. */
  readonly population: Population | null;
  /** What to change, each with the evidence of this run and the arithmetic. */
  readonly advice: readonly Advice[];
  /** What this run cannot show, a sentence each. */
  readonly cannotShow: readonly string[];
}

/** A file of a run's folder, as text. */
export interface RenderedFile { readonly name: string; readonly text: string }

/** A way to say it. `see` hears entries while the run goes on and must not block; `render` is pure. */
export interface Reporter {
  readonly kind: string;
  see?(entry: Entry): void;
  render?(report: Report, history: History): readonly RenderedFile[];
}

/** All that will be said of a run, from what happened and what it means; pure. */
export function makeReport(history: History, verdict: Verdict): Report {
  const endsAt = history.entries.reduce((end, entry) => Math.max(end, entry.at, entry.kind === 'sample' ? entry.ended : 0), 0);
  return {
    schema: 1,
    run: { ...history.run, status: history.status },
    verdict,
    endsAt,
    phases: phasesOf(history, endsAt),
    faults: faultsOf(history),
    marks: history.entries.filter((entry): entry is Mark => entry.kind === 'mark').toSorted((a, b) => a.at - b.at),
    timeline: timelineOf(history),
    notes: history.entries.filter((entry): entry is Note => entry.kind === 'note'),
    population: verdict.findings.some(({ kind, measures }) => kind === 'dns-convergence' && measures.some(({ name, value }) => name === 'dns.authority' && value !== null)) ? modelPopulation(history.run.topology.settings.dns.ttl) : null,
    advice: advise(history, verdict),
    cannotShow: cannotShow(history, verdict),
  };
}

function phasesOf(history: History, endsAt: number): PhaseSpan[] {
  const all = history.entries.filter((entry): entry is PhaseEntry => entry.kind === 'phase');
  return all.map((entry, index) => ({ phase: entry.phase, from: entry.at, to: all[index + 1]?.at ?? endsAt }));
}

function faultsOf(history: History): FaultStory[] {
  const entries = history.entries.filter((entry): entry is FaultEntry => entry.kind === 'fault');
  return history.run.faults.map((fault) => ({
    ...fault,
    t0: timeZero(history, fault.name),
    seenBy: seenBy(history, fault.name),
    states: entries.filter((entry) => entry.name === fault.name).map(({ state, at, evidence }) => ({ state, at, evidence })),
  }));
}

/** The finding of a kind, of the first check that has it; undefined where no such check was asked. */
export function findingOf(report: Report, kind: string): Finding | undefined {
  return report.verdict.findings.find((finding) => finding.kind === kind);
}

/** Whether everything held that makes a run count; if not, nothing it found passes or fails. */
export function counts(report: Report): boolean {
  return report.verdict.findings.every((finding) => finding.kind !== 'gate' || finding.ruling === 'pass');
}

/** The ruling as people should be told it: a run of which nothing was asked did not pass, it was measured. */
export function toldRuling({ ruling, findings }: Verdict): Finding['ruling'] {
  const judged = findings.some((finding) => finding.kind !== 'gate' && finding.ruling !== 'measured');
  return ruling === 'pass' && !judged ? 'measured' : ruling;
}

/** Puts `verdict.json` on disk, then whatever the reporters render; a reporter that throws is said on stderr and changes nothing else. Returns the names of the files written. */
export async function publish(reporters: readonly Reporter[], report: Report, history: History, dir: string, complain: (line: string) => void = (line) => { process.stderr.write(`${line}\n`); }): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  const written: string[] = [];
  const put = async (file: RenderedFile) => { await writeWhole(dir, file); written.push(file.name); };
  await put({ name: 'verdict.json', text: json(report.verdict) });
  for (const reporter of reporters) {
    try {
      for (const file of reporter.render?.(report, history) ?? []) await put(file);
    } catch (error) {
      complain(`reporter ${reporter.kind} failed, the verdict stands: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
    }
  }
  return written;
}

/** Plain JSON, for people's eyes too, ending in a newline. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

// A reader must never find half a verdict, also when the harness dies while it writes.
async function writeWhole(dir: string, file: RenderedFile): Promise<void> {
  const path = join(dir, file.name);
  await writeFile(`${path}.part`, file.text);
  await rename(`${path}.part`, path);
}
