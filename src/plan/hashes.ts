import { createHash } from 'node:crypto';
import type { Scenario } from '../scenario.ts';
import type { Topology } from '../topology.ts';

/** 16 hexadecimal digits of the SHA-256 of a value as JSON with its keys in order: equal for what is equal, however it was written. Lists keep their order. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 16);
}

/** What a scenario does, without its words and settings, and what the scripts do that it names (their digests): title, comments, spacing, key order and `1000ms` for `1s` make no difference. */
export function hashScenario({ client, stableMs, baselineMs, before, watch, break: broken, then, expect, impact }: Scenario, scripts: readonly string[] = []): string {
  return hashOf({ client, stableMs, baselineMs, before: byName(before), watch: byName(watch), break: byName(broken), then, expect: byName(expect), impact: impact ?? null, ...(scripts.length === 0 ? {} : { scripts }) });
}

/** What it is done to: regions, names, resolvers and every setting, resolved. */
export function hashTopology(topology: Topology): string {
  return hashOf(topology);
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
