import type { Measure } from './check.ts';
import type { Run } from './history.ts';
import { spellLines } from './plan/spell-out.ts';
import { counts, toldRuling, type Report } from './report.ts';
import { settingsSchema } from './topology.ts';

/** What is kept of a run for setting it beside others: a line of `history.jsonl`, about 4 kB. Numbers stand as the report had them. */
export interface Outcome extends Pick<Run, 'id' | 'scenario' | 'title' | 'world' | 'startedAt' | 'fingerprint' | 'series' | 'label' | 'revision'> {
  readonly schema: 1;
  readonly status: Report['run']['status'];
  readonly ruling: ReturnType<typeof toldRuling>;
  readonly because: string;
  /** Why nothing it measured counts; null where it does. */
  readonly invalid: string | null;
  /** Every setting, resolved, by its path, as people write it: `dns.interval` is `10s`. */
  readonly settings: Readonly<Record<string, string>>;
  /** How far apart the looks of the reference client were: no change smaller than that can be seen. */
  readonly everyMs: number;
  readonly measures: readonly Measure[];
  /** The slowest stage on the critical path, where one was named. */
  readonly slowest: string | null;
}

/** The outcome of a run, from its report alone. */
export function outcomeOf(report: Report): Outcome {
  const { run, verdict } = report;
  const { id, scenario, title, world, startedAt, fingerprint, series, label, revision } = run;
  const clients = run.probes.filter((probe) => run.client.probes.includes(probe.name));
  return {
    schema: 1, id, scenario, title, world, startedAt, status: run.status, ruling: toldRuling(verdict), because: verdict.because, invalid: whyInvalid(report), fingerprint,
    ...(series ? { series } : {}), ...(label === undefined ? {} : { label }), ...(revision === undefined ? {} : { revision }),
    settings: settingsOf(run), everyMs: Math.max(0, ...clients.map((probe) => probe.everyMs)),
    measures: verdict.findings.flatMap((finding) => finding.measures), slowest: slowestOf(report),
  };
}

/** A measure of an outcome by its name. */
export function measureIn(outcome: Pick<Outcome, 'measures'>, name: string): Measure | undefined {
  return outcome.measures.find((measure) => measure.name === name);
}

function whyInvalid(report: Report): string | null {
  if (report.run.status !== 'completed') return `the run was ${report.run.status}`;
  if (counts(report)) return null;
  return report.verdict.findings.filter((finding) => finding.kind === 'gate' && finding.ruling !== 'pass').map((finding) => `${finding.check}: ${finding.because}`).join(' ');
}

function settingsOf(run: Run): Record<string, string> {
  return Object.fromEntries(spellLines(run.topology.settings, settingsSchema).map((line) => {
    const end = line.indexOf(': ');
    return [line.slice(0, end), line.slice(end + 2)];
  }));
}

function slowestOf({ verdict }: Report): string | null {
  const details = verdict.findings.find((finding) => finding.kind === 'failover-time')?.details;
  const slowest = typeof details === 'object' && details !== null && 'slowest' in details ? details.slowest : null;
  return typeof slowest === 'string' ? slowest : null;
}
