import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A regionfall command that runs, and what it has said so far. */
export interface Command {
  readonly child: ChildProcess;
  said(): string;
  /** Resolves with the text up to and with `words` once they were said; rejects when the command ends before. */
  hears(words: string): Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
}

const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url));

/** Starts `regionfall <args>` as a process of its own, as a person would, without the way in. */
export function regionfall(args: readonly string[], options: { readonly cwd?: string } = {}): Command {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' }, ...options });
  let text = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; for (const look of waiting) look(); });
  const ended = new Promise<{ code: number | null; said: string }>((resolve) => { child.on('close', (code) => resolve({ code, said: text })); });
  const hears = (words: string) => new Promise<string>((resolve, reject) => {
    const look = () => { if (text.includes(words)) { waiting.delete(look); resolve(text); } };
    waiting.add(look);
    look();
    void ended.then(() => reject(new Error(`ended without saying "${words}":\n${text}`)));
  });
  return { child, said: () => text, hears, ended };
}
