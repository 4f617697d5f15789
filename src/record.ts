import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DrillError } from './errors.ts';
import type { Entry, History, PhaseEntry, Run, Status } from './history.ts';

/** A history while it is being made: every entry in memory and, in the same order, a line of `history.jsonl`. */
export interface Record {
  readonly entries: readonly Entry[];
  add(entry: Entry): void;
  /** Resolves when all is on disk. */
  close(): Promise<void>;
}

/** Entries are handed to the disk together: so many characters, or what came in so many ms. */
const together = { characters: 65_536, ms: 50 } as const;

/** Opens `history.jsonl` in `dir`; `see` hears each entry after it was taken and may throw without harm. What came in the last 50 ms is lost to a harness that is killed. */
export async function openRecord(dir: string, see: (entry: Entry) => void): Promise<Record> {
  await mkdir(dir, { recursive: true });
  const file = createWriteStream(join(dir, 'history.jsonl'), { flags: 'wx' });
  let broken: Error | undefined;
  file.on('error', (error) => { broken = error; });
  const entries: Entry[] = [];
  let lines = '';
  let soon: NodeJS.Timeout | undefined;
  const hand = () => {
    clearTimeout(soon);
    soon = undefined;
    if (lines !== '') file.write(lines);
    lines = '';
  };
  return {
    entries,
    add: (entry) => {
      entries.push(entry);
      lines += `${JSON.stringify(entry)}\n`;
      if (lines.length >= together.characters) hand(); else soon ??= setTimeout(hand, together.ms);
      try { see(entry); } catch { /* a reporter may fail; the record stands */ }
    },
    close: async () => {
      hand();
      await new Promise<void>((resolve) => { file.end(() => resolve()); if (broken) resolve(); });
      if (broken) throw new DrillError('notReady', { message: `the history could not be written: ${broken.message}`, file: join(dir, 'history.jsonl'), hint: 'choose another folder with --out' });
    },
  };
}

/** Writes what the run was, for whoever judges it again. */
export async function writeRun(dir: string, run: Run): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'run.json'), `${JSON.stringify(run, null, 2)}\n`);
}

/** A stored run, as it was. Throws a DrillError naming the file where there is none or a line of it is no entry. */
export async function readRecord(dir: string): Promise<History> {
  const run = await readJson<Run>(join(dir, 'run.json'));
  const file = join(dir, 'history.jsonl');
  const entries = (await readStored(file)).split('\n').filter((line) => line !== '').map((line, index, all): Entry | null => {
    try {
      return JSON.parse(line) as Entry;
    } catch (cause) {
      if (index === all.length - 1) return null; // the harness was killed while it wrote this line
      throw new DrillError('wrong', { message: 'this line is not an entry of a history', file, line: index + 1, hint: 'the file was changed after the run; take it from the original folder' }, { cause });
    }
  }).filter((entry) => entry !== null);
  return { run, entries, status: statusOf(entries) };
}

/** A JSON file of a stored run. Throws a DrillError that names it where it is not there, or no longer JSON. */
export async function readJson<T>(file: string): Promise<T> {
  const text = await readStored(file);
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new DrillError('wrong', { message: `this is not the JSON that was written: ${sayCause(cause)}`, file, hint: 'the file was changed after the run; take it from the original folder' }, { cause });
  }
}

const sayCause = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));

/** How a run ended, by its last entry; one whose end was never written was aborted. */
export function statusOf(entries: readonly Entry[]): Status {
  const end = entries.findLast((entry): entry is PhaseEntry => entry.kind === 'phase' && entry.phase === 'done');
  return end?.status ?? 'aborted';
}

/** The name of a stored file once it was packed, to be kept. */
export function packed(file: string): string {
  return `${file}.gz`;
}

async function readStored(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(async () => gunzipSync(await readFile(packed(file))).toString('utf8')).catch((cause: unknown) => {
    throw new DrillError('wrong', { message: 'there is no stored run here', file, hint: 'name the folder of a run, such as reports/<when>-<scenario>-<world>' }, { cause });
  });
}
