import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { here } from './exec.ts';

const home = fileURLToPath(new URL('..', import.meta.url));

/** The commit of a folder, of the one one stands in unless another is named, 12 digits, with `+` where there are changes on top; undefined where there is no git or no commit. */
export async function findRevision(folder = '.'): Promise<string | undefined> {
  const ask = (...words: string[]) => here.run(['git', '-C', folder, ...words], { timeoutMs: 5_000 }).catch(() => null);
  const head = await ask('rev-parse', '--short=12', 'HEAD');
  if (head?.code !== 0) return undefined;
  const changed = await ask('status', '--porcelain', '--untracked-files=no');
  return `${head.stdout.trim()}${changed?.code === 0 && changed.stdout.trim() === '' ? '' : '+'}`;
}

/** What this is: the version of the package, and its commit where it stands in a checkout of its own. */
export async function findOwnVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { readonly version: string };
  const top = await here.run(['git', '-C', home, 'rev-parse', '--show-cdup'], { timeoutMs: 5_000 }).catch(() => null);
  const revision = top?.code === 0 && top.stdout.trim() === '' ? await findRevision(home) : undefined;
  return revision === undefined ? version : `${version} (${revision})`;
}

/** The commit that a git ref names here, 12 digits; undefined where it names none. */
export async function resolveRevision(ref: string): Promise<string | undefined> {
  if (ref.startsWith('-')) return undefined;
  const done = await here.run(['git', 'rev-parse', '--verify', '--quiet', '--short=12', `${ref}^{commit}`], { timeoutMs: 5_000 }).catch(() => null);
  return done?.code === 0 ? done.stdout.trim() : undefined;
}
