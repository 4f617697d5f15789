import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry, Mark, Sample } from '../../src/history.ts';
import type { Kind, Manner, Reach, Target, WriteSeen } from '../../src/seen.ts';
import { primaryOf, standbyOf, type Place, type Topology } from '../../src/topology.ts';
import { topologyWith } from '../topology.ts';
import type { BoundProbe, Lever, Levers, Provider, Sense, Senses, World } from '../../src/world.ts';

/** What a check of the contract stands on: an open world, what it was opened as, and the marks so far. */
export interface Ground {
  readonly provider: Provider;
  readonly world: World;
  readonly runId: string;
  readonly primary: Place;
  readonly standby: Place;
  readonly marks: readonly Mark[];
  close(): Promise<void>;
}

/** One thing that every world has to keep: a sentence, and a check that rejects where it is not kept. */
export interface Article { readonly says: string; readonly check: (ground: Ground) => Promise<void> }

/** How the databases of a chapter's world replicate. both ways: both regions are active. */
export type Replication = 'async' | 'semi-sync' | 'both ways';

/** A small system with fast settings: two regions, three places, a strict and a stretching resolver. */
export function smallTopology(replication: Replication, distanceMs = 0): Topology {
  const active = replication === 'both ways';
  const topology = topologyWith({
    network: { distance: `${distanceMs}ms` },
    database: { replication: active ? 'async' : replication, degrade: 'never', netTimeout: '2s', heartbeat: '500ms' },
    dns: { interval: '1s', threshold: 2, checkers: 5, connectTimeout: '500ms', responseTimeout: '500ms', ttl: '2s', databaseTtl: '1s', negativeTtl: '1s', publishDelay: '200ms' },
    app: { connectTimeout: '500ms', queryTimeout: '3s', pool: 5 },
    failover: { observe: '250ms', misses: 3, ...(active ? { decide: 'nobody' } : {}) },
  });
  return active ? { ...topology, regions: topology.regions.map(({ name }, index) => ({ name, role: 'active' as const, weight: index === 0 ? 60 : 40 })) } : topology;
}

let opened = 0;

/** Opens a world of a provider for one group of checks, in a folder of its own that goes when it is closed. */
export async function openGround(provider: Provider, replication: Replication, distanceMs = 0): Promise<Ground> {
  const topology = smallTopology(replication, distanceMs);
  const dir = await mkdtemp(join(tmpdir(), 'regionfall-contract-'));
  const runId = `contract-${process.pid}-${++opened}`;
  const world = await provider.open(topology, { id: runId, dir, endsWithinMs: 600_000 }, () => {}, new AbortController().signal);
  const marks: Mark[] = [];
  world.marks((mark) => marks.push(mark));
  const close = async () => { await world[Symbol.asyncDispose](); await rm(dir, { recursive: true, force: true }); };
  return { provider, world, runId, primary: primaryOf(topology).name, standby: standbyOf(topology).name, marks, close };
}

/** A client that opens a connection a time and asks the strict resolver. */
export const fresh: Manner = { resolver: 'strict', connections: 'new' };

/** A lever of this world, which must have it. */
export function lever<L extends Lever>({ world }: Ground, name: L): Levers[L] {
  const found = world.levers[name];
  assert.ok(found, `the world has no lever ${name}`);
  return found as Levers[L];
}

/** One look from a place, ended by the world's own clock after `limitMs`. */
export async function look<S extends Sense, T>({ world }: Ground, place: Place, sense: S, act: (sense: Senses[S], signal: AbortSignal) => Promise<T>, limitMs = 5_000): Promise<T> {
  const found = world.from(place)[sense];
  assert.ok(found, `${place} has no sense ${sense}`);
  const timeout = new AbortController();
  const done = new AbortController();
  world.clock.sleep(limitMs, done.signal).then(() => timeout.abort(new Error('the look took too long')), () => {});
  try { return await act(found as Senses[S], timeout.signal); } finally { done.abort(); }
}

/** How a connection from a place to a target fares. */
export async function reach(ground: Ground, from: Place, to: Target, withinMs = 500): Promise<Reach> {
  return (await look(ground, from, 'reach', (sense, signal) => sense(to, withinMs, signal))).reach;
}

/** Rejects unless a connection fares as expected. */
export async function expectReach(ground: Ground, from: Place, to: Target, expected: Reach): Promise<void> {
  const found = await reach(ground, from, to);
  assert.equal(found, expected, `from ${from} to ${typeof to === 'string' ? to : `${to.place}/${to.part}`}: ${found}, not ${expected}`);
}

/** One write through the app a target leads to, or straight into a database. */
export function append(ground: Ground, writer: string, number: number, to: Target = 'service', via: 'app' | 'database' = 'app', attempt = 1): Promise<WriteSeen> {
  const from = via === 'database' && typeof to === 'object' ? to.place : 'outside';
  return look(ground, from, 'append', (sense, signal) => sense(to, { writer, number, attempt }, fresh, via, signal));
}

/** All rows of a region's database. */
export function census(ground: Ground, region: Place) {
  return look(ground, region, 'census', (sense, signal) => sense(signal), 20_000);
}

/** Waits until a check holds, asking again every 100 ms; rejects with its last reason when it does not within `withinMs`. */
export async function eventually({ world }: Ground, withinMs: number, check: () => Promise<void>): Promise<void> {
  const until = world.clock.now() + withinMs;
  for (;;) {
    try { await check(); return; } catch (error) {
      if (world.clock.now() >= until) throw error;
    }
    await world.clock.sleep(100);
  }
}

/** Watches while `act` goes on, then stops; all entries, in the order they came. */
export async function watching(ground: Ground, probes: readonly BoundProbe[], act: () => Promise<void>): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  const { stop } = await ground.world.watch(probes, (entry) => entries.push(entry));
  try { await act(); } finally { await stop(); }
  return entries;
}

/** The samples of one probe, in the order they came. */
export function samplesBy<K extends Kind>(entries: readonly Entry[], probe: string, says: K): Sample<K>[] {
  return entries.filter((entry): entry is Sample<K> => entry.kind === 'sample' && entry.probe === probe && entry.says === says);
}
