import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { exits } from '../errors.ts';
import { packed, readJson } from '../record.ts';
import type { Report } from '../report.ts';
import type { Invocation } from './invocation.ts';

const defaultNights = 14;
const dayMs = 24 * 3_600_000;

/** What is only needed to judge a run again: by far the most of it. Everything that people read stays as it is. */
const raw = ['history.jsonl', 'ledger.jsonl'] as const;

/** `regionfall archive [reports]`: compresses the raw histories of runs older than `--nights`; verdicts, reports and the compact history stay as they are, and `judge` still reads what was packed. */
export async function archive(call: Invocation): Promise<number> {
  const root = resolve(call.words.length === 0 ? 'reports' : call.one('folder of reports'));
  const before = Date.now() - (call.options.nights ?? defaultNights) * dayMs;
  let [runs, freed] = [0, 0];
  for (const dir of await runsIn(root, 2)) {
    if (call.interrupt.aborted) return exits.interrupted;
    const report = await readJson<Report>(join(dir, 'report.json')).catch(() => null);
    if (!report || !(Date.parse(report.run.startedAt) < before)) continue;
    const saved = await pack(dir);
    if (saved > 0) { runs += 1; freed += saved; }
  }
  call.say(`${runs} run${runs === 1 ? '' : 's'} packed, ${(freed / 1e6).toFixed(1)} MB freed; runs of the last ${call.options.nights ?? defaultNights} nights were left as they are`);
  return exits.pass;
}

/** Bytes that were freed. A file is replaced only once its packed copy is whole. */
async function pack(dir: string): Promise<number> {
  let freed = 0;
  for (const name of raw) {
    const file = join(dir, name);
    const size = await stat(file).then((found) => found.size, () => null);
    if (size === null) continue;
    await pipeline(createReadStream(file), createGzip({ level: 9 }), createWriteStream(`${packed(file)}.part`));
    await rename(`${packed(file)}.part`, packed(file));
    await rm(file);
    freed += size - (await stat(packed(file))).size;
  }
  return freed;
}

/** Folders of finished runs; one without a report may still be going on. */
async function runsIn(dir: string, deeper: number): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  if (entries.some((entry) => entry.name === 'report.json')) return [dir];
  if (deeper === 0 || entries.some((entry) => entry.name === 'run.json')) return [];
  return (await Promise.all(entries.filter((entry) => entry.isDirectory()).map((entry) => runsIn(join(dir, entry.name), deeper - 1)))).flat();
}
