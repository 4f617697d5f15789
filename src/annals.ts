import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DrillError } from './errors.ts';
import type { Outcome } from './outcome.ts';

/** The name of the compact history in a folder of reports. */
export const annalsName = 'history.jsonl';

/** Adds a run to the compact history of a folder of reports. */
export async function addToAnnals(out: string, outcome: Outcome): Promise<void> {
  await appendFile(join(out, annalsName), `${JSON.stringify(outcome)}\n`);
}

/** Every run that a compact history tells of, oldest first, each once: the last line about a run counts. Throws a DrillError that names the line which is none; a half-written last line is left out. */
export async function readAnnals(file: string): Promise<Outcome[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new DrillError('wrong', { message: 'there is no history of runs here', file, hint: 'runs write it into the folder given by --out' }, { cause });
  });
  const byId = new Map<string, Outcome>();
  const lines = text.split('\n');
  lines.forEach((line, index) => {
    if (line.trim() === '') return;
    const outcome = parse(line);
    if (outcome) byId.set(outcome.id, outcome);
    else if (index < lines.length - 1) throw new DrillError('wrong', { message: 'this line tells of no run', file, line: index + 1, hint: 'remove the line; everything else stands' });
  });
  return [...byId.values()].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

function parse(line: string): Outcome | null {
  try {
    const value = JSON.parse(line) as Partial<Outcome>;
    return value.schema === 1 && typeof value.id === 'string' && typeof value.startedAt === 'string' && Array.isArray(value.measures) && value.fingerprint ? value as Outcome : null;
  } catch {
    return null;
  }
}
