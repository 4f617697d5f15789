import type { Run } from '../history.ts';
import { parseDuration } from '../duration.ts';

/** A limit a check was given: its words, and seconds (or a count) where it can be drawn. `key` is the word of the scenario. */
export interface Limit { readonly key: string; readonly words: string; readonly value: number | null }

/** What a check of a scenario was asked to hold, limit by limit; empty where it only measures. */
export function limitsOf(run: Run, check: string): Limit[] {
  const bound = run.checks.find((one) => one.name === check) ?? run.gates.find((one) => one.name === check);
  const objective = bound?.objective;
  if (typeof objective !== 'object' || objective === null) return [];
  return Object.entries(objective).flatMap(([key, value]) => limitOf(key, value) ?? []);
}

function limitOf(key: string, value: unknown): Limit | null {
  if (key === 'maxLost') return { key, words: value === 0 ? 'no lost write' : `at most ${String(value)} lost writes`, value: Number(value) };
  if (key === 'maxName' || key === 'maxDatabase') return { key, words: `at most ${String(value)} moves of the ${key === 'maxName' ? 'name' : 'database'}`, value: Number(value) };
  if (key === 'maxPeak') return { key, words: `at most ${String(value)} a second`, value: Number(value) };
  if (key === 'maxRefused') return { key, words: `at most ${String(value)} refused`, value: Number(value) };
  if (key === 'minOkPct') return { key, words: `at least ${String(value)} % good`, value: Number(value) };
  if (!key.startsWith('max')) return null;
  const ms = typeof value === 'number' ? value : parseDuration(value);
  if (ms === null) return null;
  const what = { max: '', maxRpo: ' of writes, each side of the cut', maxPause: ' of pause', maxPaced: ', as fast as before', maxP99: ' for a commit, p99', maxLag: ' behind, the copy' }[key] ?? ` (${key})`;
  return { key, words: `at most ${ms / 1_000} s${what}`, value: ms / 1_000 };
}
