import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { DrillError } from '../errors.ts';
import type { Calibration, Options } from './parts.ts';

/** What one part of the calibration came to, when, on what shape of machine, and what was planted for it. */
export interface Result extends Calibration {
  readonly schema: 1;
  readonly part: string;
  /** ISO 8601, for people. */
  readonly at: string;
  readonly tookS: number;
  readonly planted: Partial<Options>;
  readonly machine: { readonly cpus: number; readonly memoryGiB: number; readonly arch: string };
  /** Of the instruments. */
  readonly version: string;
}

/** Puts a result together: now, on this machine. */
export function resultOf(part: string, found: Calibration, planted: Result['planted'], tookS: number, version: string): Result {
  return {
    schema: 1, part, at: new Date().toISOString(), tookS: Math.round(tookS), planted, machine: { cpus: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), arch: process.arch },
    version, rows: found.rows, noise: found.noise,
  };
}

/** Keeps a result in a folder, a file a part: all of it or nothing. */
export async function keepResult(dir: string, result: Result): Promise<void> {
  await mkdir(dir, { recursive: true });
  const file = fileOf(dir, result.part);
  await writeFile(`${file}.new`, `${JSON.stringify(result, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** What is kept there of a part; null where there is nothing, or something else was planted then: whatever `planted` names must be the same. Throws a DrillError (`wrong`) for a file that is no result. */
export async function keptResult(dir: string, part: string, planted: Result['planted']): Promise<Result | null> {
  const text = await readFile(fileOf(dir, part), 'utf8').catch(() => null);
  if (text === null) return null;
  const result = parse(text, fileOf(dir, part));
  return Object.entries(planted).every(([name, value]) => result.planted[name as keyof Options] === value) ? result : null;
}

function parse(text: string, file: string): Result {
  try {
    const result = JSON.parse(text) as Result;
    if (result.schema === 1 && Array.isArray(result.rows)) return result;
  } catch { /* said below */ }
  throw new DrillError('wrong', { file, message: 'this is no result of a calibration', hint: 'take it away, or name another --series: what is missing is run again' });
}

function fileOf(dir: string, part: string): string {
  return join(dir, `${part.replaceAll(/[^\w.-]+/g, '-')}.json`);
}
