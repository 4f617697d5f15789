import { createHash } from 'node:crypto';
import type { Fingerprint } from './history.ts';
import type { Scenario } from './scenario.ts';
import type { Topology } from './topology.ts';
import type { About } from './world.ts';

/** Version of what the measures mean: raised whenever a number of an old run could not be set beside a new one's. */
export const metricsVersion = 1;

/** 16 hexadecimal digits of the SHA-256 of a value as JSON with its keys in order: equal for what is equal, however it was written. Lists keep their order. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 16);
}

/** What a scenario does, without its words and settings: title, comments, spacing, key order and `1000ms` for `1s` make no difference. */
export function hashScenario({ client, stableMs, baselineMs, before, watch, break: broken, then, expect, impact }: Scenario): string {
  return hashOf({ client, stableMs, baselineMs, before: byName(before), watch: byName(watch), break: byName(broken), then, expect: byName(expect), impact: impact ?? null });
}

/** What it is done to: regions, names, resolvers and every setting, resolved. */
export function hashTopology(topology: Topology): string {
  return hashOf(topology);
}

/** By what a run can later be set beside others; the machine is kept beside the hash, not in it. */
export function fingerprintOf(hashes: { readonly scenario: string; readonly settings: string }, about: About): Fingerprint {
  const parts = { scenario: hashes.scenario, settings: hashes.settings, metrics: metricsVersion, versions: about.versions };
  return { hash: hashOf(parts), ...parts, machine: about.machine };
}

function byName<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const pairs = Object.entries(value).filter(([, one]) => one !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}
