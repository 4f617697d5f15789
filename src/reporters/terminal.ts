import type { Entry, Phase } from '../history.ts';
import type { Report, Reporter } from '../report.ts';
import { clockOf, paintFor, printable } from './paint.ts';
import { takePulse, type Beat } from './pulse.ts';
import { summarise } from './summary.ts';

/** What is to come, as far as a plan knows it. */
export interface Expected {
  readonly scenario: string;
  readonly baselineMs: number;
  readonly faults: readonly { readonly atMs: number; readonly atMostMs: number }[];
  readonly probes: readonly { readonly name: string; readonly kind: string }[];
}

/** Where it is said: `process.stdout` is one. */
export interface Stream { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number }

/** What a person watching a run is shown: events as lines, and on a terminal one line more, repainted, with what is up and down now. */
export interface Terminal extends Reporter {
  /** A remark while the world is being opened. */
  opening(line: string): void;
  see(entry: Entry): void;
  /** The verdict with its measures, and where the report is. */
  close(report: Report, dir: string): void;
}

const clearLine = '\r\u001b[K';

/** Opens it on a stream. A stream that is no terminal gets plain lines, on change only. `now`: wall time in ms, for the repainting alone. */
export function openTerminal(expected: Expected, stream: Stream, env: Readonly<Record<string, string | undefined>> = process.env, now: () => number = () => performance.now()): Terminal {
  const paint = paintFor(stream, env);
  const live = stream.isTTY === true && env['TERM'] !== 'dumb';
  const pulse = takePulse();
  // A database that is not yet promoted refuses writes, as it should: it is not down.
  const direct = new Set(expected.probes.filter((probe) => probe.kind === 'direct').map((probe) => probe.name));
  let phase: { readonly name: Phase; readonly at: number } = { name: 'stabilise', at: 0 };
  let painted = Number.NEGATIVE_INFINITY;
  let latest = 0;
  const line = (text: string) => { stream.write(`${live ? clearLine : ''}${text}\n`); painted = Number.NEGATIVE_INFINITY; };
  const event = (at: number, text: string) => line(`${paint.soft(clockOf(at).padStart(6))}  ${printable(text)}`);
  const repaint = () => {
    if (!live || now() - painted < 1_000) return;
    painted = now();
    const limit = plannedMs(phase.name, expected);
    const progress = `${phase.name} ${clockOf(latest - phase.at)}${limit === null ? '' : ` of ${phase.name === 'break' ? 'at most ' : ''}${clockOf(limit)}`}`;
    stream.write(`${clearLine}${statusLine(progress, pulse.now().filter((beat) => !direct.has(beat.probe)), latest, (stream.columns ?? 80) - 1)}`);
  };
  return {
    kind: 'terminal',
    opening: (text) => { line(paint.soft(`        ${printable(text)}`)); },
    see: (entry) => {
      latest = Math.max(latest, entry.at);
      if (entry.kind === 'phase') phase = { name: entry.phase, at: entry.at };
      const beat = entry.kind === 'sample' ? pulse.take(entry) : null;
      if (beat) event(latest, sayBeat(beat, direct, latest));
      const said = sayEntry(entry, expected);
      if (said !== null) event(entry.at, said);
      repaint();
    },
    close: (report, dir) => { if (live) stream.write(clearLine); for (const text of summarise(report, dir, paint)) stream.write(`${text}\n`); },
  };
}

function plannedMs(phase: Phase, expected: Expected): number | null {
  if (phase === 'baseline') return expected.baselineMs;
  return phase === 'break' && expected.faults.length > 0 ? Math.max(...expected.faults.map((fault) => fault.atMs + fault.atMostMs)) : null;
}

function sayEntry(entry: Entry, expected: Expected): string | null {
  switch (entry.kind) {
    case 'phase': {
      const limit = plannedMs(entry.phase, expected);
      return `== ${entry.phase}${limit === null ? '' : ` (${entry.phase === 'break' ? 'at most ' : ''}${clockOf(limit)})`}${entry.status === undefined ? '' : `: ${entry.status}`}`;
    }
    case 'fault': return `${entry.name}: ${entry.state}${entry.state === 'unproven' || entry.state === 'failed' ? ` (${entry.evidence.join('; ')})` : ''}`;
    // An app's connections come and go by the dozen, and so do the opinions of single checkers: the report has them all.
    case 'mark': return entry.who.startsWith('app/') || /^(checker|zone|listening)/.test(entry.what) ? null : `${entry.who}: ${entry.what} ${entry.subject}`;
    case 'blind': return `blind: ${entry.probe ?? 'everything'} from ${entry.place}, ${clockOf(entry.from)} to ${clockOf(entry.to)}: ${entry.why}`;
    case 'note': return entry.text;
    default: return null;
  }
}

function sayBeat({ probe, ok, words, since }: Beat, direct: ReadonlySet<string>, at: number): string {
  const state = direct.has(probe) ? (ok ? 'open ' : 'shut ') : ok ? 'up   ' : 'down ';
  return `${state} ${probe}${clockOf(since) === clockOf(at) ? '' : ` since ${clockOf(since)}`}: ${ok && direct.has(probe) ? 'takes writes' : words}`;
}

// Down first: what does not fit is cut off at the end.
function statusLine(progress: string, beats: readonly Beat[], at: number, columns: number): string {
  const down = beats.filter((beat) => !beat.ok).map((beat) => `${beat.probe} ${clockOf(at - beat.since)}`);
  const up = Map.groupBy(beats.filter((beat) => beat.ok), (beat) => beat.words);
  const text = printable(` ${progress}${down.length === 0 ? '' : ` | down: ${down.join(', ')}`}${[...up].map(([by, probes]) => ` | ${by}: ${probes.map((beat) => beat.probe).join(', ')}`).join('')}`);
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}\u2026`;
}
