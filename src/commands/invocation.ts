import type { Writable } from 'node:stream';
import { DrillError } from '../errors.ts';
import type { Chosen } from '../scenario/set.ts';

/** What the options of a command line say; those that a command does not know, it does not look at. */
export interface Options {
  readonly on: string | undefined;
  readonly out: string;
  /** Whether `out` was said, or is where reports go by default. */
  readonly outGiven?: boolean;
  readonly keep?: boolean;
  readonly yes: boolean;
  /** Of `run`: how many runs make a series, and how many of them now, its name, what its random waits follow from, and the name of the version under test. */
  readonly repeat?: number;
  readonly turns?: number;
  readonly series?: string;
  readonly seed?: string;
  readonly label?: string;
  /** Of `run` and `plan`: settings to lay over the scenario's. */
  readonly chosen?: readonly Chosen[];
  /** Of `compare`: by how much, in percent, a measure must change to matter; the list of what is known and allowed; where named runs are looked for. */
  readonly marginPct?: number;
  readonly allow?: string;
  readonly reports?: string;
  /** Of `archive`: the youngest nights that are left as they are. */
  readonly nights?: number;
  /** Of `calibrate`: these parts alone, so many drills with nothing broken on a real world, the file whose lock is held while anything is measured, and where the table goes. */
  readonly only?: readonly string[];
  readonly noops?: { readonly world: string; readonly times: number };
  readonly lock?: string;
  readonly table?: string;
}

/** A command as it was called: its words, its options, where to say things, and the signal that Ctrl-C raises. */
export interface Invocation {
  readonly words: readonly string[];
  readonly options: Options;
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
