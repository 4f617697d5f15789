import { createHash } from 'node:crypto';
import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DrillError } from './errors.ts';
import type { Run, Turn } from './history.ts';
import type { Plan } from './plan.ts';
import { readJson } from './record.ts';
import type { Report } from './report.ts';
import type { Topology } from './topology.ts';

/** What a series was meant to be: `series.json` in its folder, written before its first run and never changed. Each run is a folder beside it. */
export interface Series {
  readonly schema: 1;
  readonly name: string;
  readonly scenario: string;
  readonly world: string;
  readonly repeat: number;
  /** All that is random about when breaks begin follows from it. */
  readonly seed: string;
  readonly withinMs: number;
  readonly hashes: { readonly scenario: string; readonly settings: string };
}

/** The longest of the cycles that a break's beginning may lie anywhere in, in ms: health checks, both TTLs, the replication heartbeat, the pilot's looks. */
export function longestCycleMs({ settings: { dns, database, failover } }: Topology): number {
  return Math.max(dns.interval, dns.ttl, dns.databaseTtl, database.heartbeat, failover.observe);
}

/** How long run `number` waits between baseline and break: a whole number of ms, uniform on [0, withinMs), from seed and number alone. */
export function delayOf({ seed, withinMs }: Pick<Series, 'seed' | 'withinMs'>, number: number): number {
  // 48 bits of SHA-256 as a fraction: the same on every machine, with no generator whose state would have to be carried across a resumption.
  const fraction = createHash('sha256').update(`${seed}/${number}`).digest().readUIntBE(0, 6) / 2 ** 48;
  return Math.floor(fraction * withinMs);
}

/** A run's place in its series. */
export function turnOf(series: Series, number: number): Turn {
  return { name: series.name, number, of: series.repeat, seed: series.seed, delayMs: delayOf(series, number), withinMs: series.withinMs };
}

/** The same plan, with a baseline that lasts longer by the wait of this turn. */
export function planTurn(plan: Plan, { delayMs }: Turn): Plan {
  return { ...plan, baselineMs: plan.baselineMs + delayMs, endsWithinMs: plan.endsWithinMs + delayMs };
}

/** Puts a series into its folder, or finds there the one it goes on with. Throws a DrillError (`wrong`) where the folder holds another one. */
export async function openSeries(dir: string, meant: Series): Promise<Series> {
  const file = join(dir, 'series.json');
  if (!await access(file).then(() => true, () => false)) {
    await mkdir(dir, { recursive: true });
    await writeFile(file, `${JSON.stringify(meant, null, 2)}\n`, { flag: 'wx' });
    return meant;
  }
  const there = await readJson<Series>(file);
  const differs = (['scenario', 'world', 'repeat'] as const).filter((key) => there[key] !== meant[key]).map((key) => `${key} ${there[key]}, not ${meant[key]}`);
  for (const key of ['scenario', 'settings'] as const) if (there.hashes[key] !== meant.hashes[key]) differs.push(`${key === 'scenario' ? 'what the scenario does' : 'the settings'} ha${key === 'scenario' ? 's' : 've'} changed`);
  if (differs.length > 0) throw new DrillError('wrong', { message: `the series "${there.name}" is another one: ${differs.join('; ')}`, file, hint: 'a series is chosen before it is looked at: give this one another name with --series' });
  return there;
}

/** The finished runs of a series by number: those with a report that says they were not interrupted. */
export async function finishedIn(dir: string): Promise<Map<number, string>> {
  const finished = new Map<number, string>();
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const run = join(dir, entry.name);
    // A run whose harness was killed has no report, or half of one: it is done again, for a resumed measurement is a new run.
    const report = await readJson<Report>(join(run, 'report.json')).catch(() => null);
    const turn: Run['series'] = report?.run.series;
    if (report && turn && report.run.status !== 'interrupted') finished.set(turn.number, run);
  }
  return finished;
}
