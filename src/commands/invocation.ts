import type { Writable } from 'node:stream';
import { DrillError } from '../errors.ts';

/** A command as it was called: its words, its options, where to say things, and the signal that Ctrl-C raises. */
export interface Invocation {
  readonly words: readonly string[];
  readonly options: { readonly on: string | undefined; readonly out: string; readonly keep?: boolean; readonly yes: boolean };
  readonly say: (line: string) => void;
  readonly terminal: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly interrupt: AbortSignal;
  /** The command's only word. Throws when there is none or several. */
  one(what: string): string;
}

/** Puts an invocation together. */
export function invoke(words: readonly string[], options: Invocation['options'], interrupt: AbortSignal, terminal: Invocation['terminal'] = process.stdout): Invocation {
  return {
    words, options, interrupt, terminal,
    say: (line) => { terminal.write(`${line}\n`); },
    one: (what) => {
      const [word, ...more] = words;
      if (word !== undefined && more.length === 0) return word;
      throw new DrillError('wrong', { message: word === undefined ? `no ${what} was named` : `one ${what} at a time: ${words.join(', ')}`, hint: '`regionfall list` shows the scenarios there are; `npm run scenario <name> -- --on sim` needs the `--` before options' });
    },
  };
}
