import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { WatchEntry } from '../scenario.ts';
import type { BoundProbe } from '../world.ts';
import { refuse, type Binding } from './bind.ts';
import { hashOf } from './hashes.ts';

/** A script travels to agents as text, and is one file. */
const mostBytes = 256 * 1024;

/** The text of a script that a program runs for a probe, and its digest; undefined with a problem where it cannot be had, or its clients are too few to keep the schedule when nothing answers. */
export function bindScript(binding: Binding, entry: WatchEntry, { script, clients }: { readonly script: string; readonly clients: number }): { readonly text: string; readonly digest: string } | undefined {
  const needed = Math.ceil(entry.timeoutMs / entry.everyMs) + 1;
  if (clients < needed) refuse(binding, ['watch', entry.name, 'with', 'clients'], `watch > ${entry.name}: ${clients} clients are too few: when nothing answers, ${needed} are under way at once`, `write clients: ${needed} or more`);
  const path = resolve(dirname(binding.scenario.path), script);
  try {
    const text = readFileSync(path, 'utf8');
    if (text.length <= mostBytes) return { text, digest: hashOf(text) };
    refuse(binding, ['watch', entry.name, 'with', 'script'], `the script ${script} is larger than ${mostBytes / 1024} KiB`, 'a script is one file, and imports nothing but modules of k6');
  } catch (error) {
    refuse(binding, ['watch', entry.name, 'with', 'script'], `the script ${script} cannot be read: ${String((error as { code?: unknown }).code ?? error)}`, 'its path counts from the folder of the scenario');
  }
  return undefined;
}

/** The digests of all scripts that are run, in the order of their probes. */
export function digestsOf(probes: readonly BoundProbe[]): string[] {
  return probes.flatMap(({ params: { digest } }) => (typeof digest === 'string' ? [digest] : []));
}
