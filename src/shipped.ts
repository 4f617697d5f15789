import { existsSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that ships with Regionfall. */
export function shipped(folder: 'scenarios' | 'clusters'): string {
  return fileURLToPath(new URL(`../${folder}`, import.meta.url));
}

/** Names of the files in a folder, without `.yaml`, in order; none where the folder is not there. */
export function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.yaml')).map((name) => basename(name, '.yaml')).sort() : [];
}
