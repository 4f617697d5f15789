import { here } from './exec.ts';

/** The commit of the folder one stands in, 12 digits, with `+` where there are changes on top; undefined where there is no git or no commit. */
export async function findRevision(): Promise<string | undefined> {
  const ask = (...words: string[]) => here.run(['git', ...words], { timeoutMs: 5_000 }).catch(() => null);
  const head = await ask('rev-parse', '--short=12', 'HEAD');
  if (head?.code !== 0) return undefined;
  const changed = await ask('status', '--porcelain', '--untracked-files=no');
  return `${head.stdout.trim()}${changed?.code === 0 && changed.stdout.trim() === '' ? '' : '+'}`;
}

/** The commit that a git ref names here, 12 digits; undefined where it names none. */
export async function resolveRevision(ref: string): Promise<string | undefined> {
  if (ref.startsWith('-')) return undefined;
  const done = await here.run(['git', 'rev-parse', '--verify', '--quiet', '--short=12', `${ref}^{commit}`], { timeoutMs: 5_000 }).catch(() => null);
  return done?.code === 0 ? done.stdout.trim() : undefined;
}
