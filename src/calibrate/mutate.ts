import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const src = fileURLToPath(new URL('..', import.meta.url));
/** Inside the project, so that packages are found from there. */
const cache = join(src, '../node_modules/.cache/regionfall');

/** One change to one shipped file: `find` must be there exactly once. */
export interface Mutation { readonly file: string; readonly find: string; readonly put: string }

/** Loads the shipped module `entry` (a path under src/) with one shipped file changed: the code that runs, less one truth. Throws when the text to change is not there, or not only once. */
export async function loadMutated<M>(entry: string, mutation: Mutation): Promise<M> {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'mutant-'));
  try {
    const load = write(resolve(src, entry), { folder, target: resolve(src, mutation.file), mutation, written: new Map() });
    if (load === null) throw new Error(`${entry} does not use ${mutation.file}`);
    return await import(pathToFileURL(load).href) as M;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Job { readonly folder: string; readonly target: string; readonly mutation: Mutation; readonly written: Map<string, string | null> }

/** Writes a file with all it imports on the way to the changed one; null where the way does not lead there, so that everything else stays the shipped module. */
function write(file: string, job: Job): string | null {
  const known = job.written.get(file);
  if (known !== undefined) return known;
  job.written.set(file, null);
  let leads = file === job.target;
  const source = leads ? mutate(readFileSync(file, 'utf8'), job.mutation) : readFileSync(file, 'utf8');
  const code = stripTypeScriptTypes(source).replaceAll(/(from\s+')(\.[^']+)(')/g, (_all, before: string, name: string, after: string) => {
    const imported = resolve(dirname(file), name);
    const changed = write(imported, job);
    leads ||= changed !== null;
    return `${before}${pathToFileURL(changed ?? imported).href}${after}`;
  });
  if (!leads) return null;
  // Programs and files that it looks for beside itself are the shipped ones.
  const placed = code.replaceAll('import.meta.url', `'${pathToFileURL(file).href}'`);
  const path = join(job.folder, `${relative(src, file).replaceAll('/', '-')}.mjs`);
  writeFileSync(path, placed);
  job.written.set(file, path);
  return path;
}

function mutate(source: string, { file, find, put }: Mutation): string {
  const times = source.split(find).length - 1;
  if (times !== 1) throw new Error(`${file} holds "${find}" ${times} times: the mutation must match exactly once`);
  return source.replace(find, () => put);
}
