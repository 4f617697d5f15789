import type { Outcome } from '../outcome.ts';

/** How alike two sets of runs are, best first; the first at which runs are found is taken, and named. */
export const levels = ['exact', 'other machine', 'other versions', 'other settings', 'several'] as const;
export type Level = (typeof levels)[number];

/** A thing in which two runs differ, with what it was in each. */
export interface Difference { readonly what: string; readonly a: string; readonly b: string }

/** How alike they are: `level` null where they may not be compared at all, and `words` says why or in what they differ. */
export interface Match { readonly level: Level | null; readonly words: string; readonly differences: readonly Difference[] }

/** What makes runs be of one kind: runs of different kinds are never put into one set. */
export function kindOf({ world, fingerprint }: Pick<Outcome, 'world' | 'fingerprint'>): string {
  return JSON.stringify([world, fingerprint.hash, fingerprint.machine]);
}

/** How alike two runs are, and in what they differ. Scenario, world and the version of what is measured must be equal; settings, versions and machine may differ, and are named. */
export function matchOf(a: Outcome, b: Outcome): Match {
  const apart = [
    a.fingerprint.metrics === b.fingerprint.metrics ? null : `what the numbers mean has changed (metrics version ${a.fingerprint.metrics} against ${b.fingerprint.metrics})`,
    a.world === b.world ? null : `they ran in different worlds (${a.world} and ${b.world})`,
    a.fingerprint.scenario === b.fingerprint.scenario ? null : `their scenarios do different things (${a.scenario} and ${b.scenario})`,
  ].filter((why) => why !== null);
  if (apart.length > 0) return { level: null, words: apart.join('; '), differences: [] };
  const settings = a.fingerprint.settings === b.fingerprint.settings ? [] : differ(a.settings, b.settings, { what: 'regions, names or resolvers', a: a.fingerprint.settings, b: b.fingerprint.settings });
  const versions = differ(a.fingerprint.versions, b.fingerprint.versions);
  const machine = differ(a.fingerprint.machine, b.fingerprint.machine);
  const level = levelOf(settings.length > 0, versions.length > 0, machine.length > 0);
  return { level, differences: [...settings, ...versions, ...machine], words: wordsOf[level] };
}

const wordsOf: Readonly<Record<Level, string>> = {
  exact: 'the same scenario, settings, versions and kind of machine',
  'other machine': 'the same scenario, settings and versions, but another kind of machine',
  'other versions': 'the same scenario, settings and kind of machine, but other versions',
  'other settings': 'the same scenario, versions and kind of machine, but other settings',
  several: 'the same scenario, but more than one kind of thing differs: a change cannot be blamed on any one of them',
};

function levelOf(settings: boolean, versions: boolean, machine: boolean): Level {
  if (Number(settings) + Number(versions) + Number(machine) > 1) return 'several';
  return settings ? 'other settings' : versions ? 'other versions' : machine ? 'other machine' : 'exact';
}

function differ(a: Readonly<Record<string, string | number>>, b: Readonly<Record<string, string | number>>, otherwise?: Difference): Difference[] {
  const found = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => a[key] !== b[key]).map((key) => ({ what: key, a: String(a[key] ?? 'none'), b: String(b[key] ?? 'none') }));
  return found.length === 0 && otherwise ? [otherwise] : found;
}
