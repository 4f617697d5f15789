import { access, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { annalsName, readAnnals } from '../annals.ts';
import { DrillError } from '../errors.ts';
import { suggest } from '../nearest.ts';
import { outcomeOf, type Outcome } from '../outcome.ts';
import { readJson } from '../record.ts';
import type { Report } from '../report.ts';
import { resolveRevision } from '../revision.ts';
import { leastRuns } from './change.ts';
import { levels, matchOf } from './match.ts';

/** A run as it was found, and its folder where that is still there. */
export interface Found { readonly outcome: Outcome; readonly dir: string | null }

/** Runs under the name that was asked for. */
export interface FoundSet { readonly name: string; readonly found: readonly Found[] }

/** The runs that a word means: a run's folder, a folder of runs, a compact history; or, among the runs of `reports`, a series, a label, a run, `component@version`, `setting=value`, a commit or git ref. Throws a DrillError (`wrong`) for a word that names nothing at all; what exists and has no runs is empty. */
export async function findRuns(word: string, reports: string): Promise<FoundSet> {
  const path = resolve(word);
  if (await access(path).then(() => true, () => false)) return { name: nameOf(word), found: await runsAt(path) };
  const all = await access(reports).then(async () => runsAt(resolve(reports)), () => []);
  const named = await Promise.resolve(runsNamed(word, all));
  if (named.length > 0) return { name: word, found: named };
  const commit = await resolveRevision(word);
  if (commit !== undefined) return { name: `${word} (${commit})`, found: all.filter(({ outcome }) => outcome.revision === commit) };
  const known = [...new Set(all.flatMap(({ outcome }) => [outcome.series?.name, outcome.label].filter((one) => one !== undefined)))];
  throw new DrillError('wrong', { message: `"${word}" is no folder, and names none of the ${all.length} runs in ${reports}`, hint: `${suggest(word, known, 'series and labels are')}; also a run, mariadb@10.11, dns.interval=10s, or a git ref` });
}

/**
 * The last good night before a set of runs, among the runs of `reports`: the series of the same scenario and world, started earlier, that has enough runs that count and none that missed an objective;
 * of several the most alike, in the order of `levels`, then the latest. Empty where there is none: no baseline.
 */
export async function findLastGood(now: FoundSet, reports: string): Promise<FoundSet> {
  const [last] = now.found.map(({ outcome }) => outcome).filter(({ invalid }) => invalid === null).toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  const all = await access(reports).then(async () => runsAt(resolve(reports)), () => []);
  const mine = new Set(now.found.map(({ outcome }) => outcome.id));
  const earlier = all.filter(({ outcome }) => last !== undefined && !mine.has(outcome.id) && outcome.series !== undefined && outcome.startedAt < last.startedAt);
  const nights = [...Map.groupBy(earlier, ({ outcome }) => outcome.series?.name ?? '').entries()].flatMap(([name, found]) => {
    const valid = found.filter(({ outcome }) => outcome.invalid === null);
    const [first] = valid;
    const level = first && last ? matchOf(first.outcome, last).level : null;
    const good = valid.length >= leastRuns && valid.every(({ outcome }) => outcome.ruling !== 'fail');
    return good && level !== null ? [{ name, found, rank: levels.indexOf(level), at: valid.at(-1)?.outcome.startedAt ?? '' }] : [];
  });
  const [best] = nights.toSorted((a, b) => a.rank - b.rank || b.at.localeCompare(a.at));
  return best ? { name: best.name, found: best.found } : { name: 'the last good night', found: [] };
}

/** Every run of a folder, of the folders in it and in those, and of compact histories; what a report tells goes before what a history does. */
async function runsAt(path: string): Promise<Found[]> {
  if ((await stat(path)).isFile()) return (await readAnnals(path)).map((outcome) => ({ outcome, dir: null }));
  const byId = new Map<string, Found>();
  for (const one of await collect(path, 2)) if (one.dir !== null || !byId.has(one.outcome.id)) byId.set(one.outcome.id, one);
  return [...byId.values()].sort((a, b) => a.outcome.startedAt.localeCompare(b.outcome.startedAt));
}

async function collect(dir: string, deeper: number): Promise<Found[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const has = (name: string) => entries.some((entry) => entry.isFile() && entry.name === name);
  if (has('report.json')) return [{ outcome: outcomeOf(await readJson<Report>(join(dir, 'report.json'))), dir }];
  // Also the folder of a single run holds a history.jsonl, of entries: a run without a report was never finished.
  if (has('run.json')) return [];
  const told = has(annalsName) ? (await readAnnals(join(dir, annalsName))).map((outcome) => ({ outcome, dir: null })) : [];
  const inside = deeper === 0 ? [] : await Promise.all(entries.filter((entry) => entry.isDirectory()).map((entry) => collect(join(dir, entry.name), deeper - 1)));
  return [...told, ...inside.flat()];
}

function runsNamed(word: string, all: readonly Found[]): Found[] {
  const by = (test: (outcome: Outcome) => boolean) => all.filter(({ outcome }) => test(outcome));
  const [component, version] = split(word, '@');
  const [setting, value] = split(word, '=');
  const ways: readonly ((outcome: Outcome) => boolean)[] = [
    ({ series }) => series?.name === word, ({ label }) => label === word, ({ id }) => id === word,
    ({ revision }) => /^[0-9a-f]{7,40}\+?$/.test(word) && revision !== undefined && (revision === word || word.startsWith(revision) || (!revision.endsWith('+') && revision.startsWith(word))),
    ({ fingerprint }) => version !== undefined && (fingerprint.versions[component] ?? '').replace(/^v/, '').startsWith(version.replace(/^v/, '')) && component in fingerprint.versions,
    ({ settings }) => value !== undefined && settings[setting] === value,
  ];
  for (const way of ways) {
    const found = by(way);
    if (found.length > 0) return found;
  }
  return [];
}

function split(word: string, at: string): [string, string | undefined] {
  const where = word.indexOf(at);
  return where < 1 ? [word, undefined] : [word.slice(0, where), word.slice(where + 1)];
}

function nameOf(word: string): string {
  const name = basename(resolve(word));
  return name === annalsName ? word : name;
}
