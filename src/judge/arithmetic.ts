import { clientProbes, leadingFault } from './looks.ts';
import { seconds } from './bounds.ts';
import type { History } from '../history.ts';
import { primaryOf, type Settings } from '../topology.ts';

/** A span in seconds. */
export interface Range { readonly low: number; readonly high: number }

/** One summand of the expectation, in seconds; `path`: on the name's way, the database's, or the client's after both. */
export interface Term extends Range { readonly what: string; readonly path: 'dns' | 'db' | 'client' }

/** What arithmetic says a failover takes, in seconds: the slower of both ways, and then the client. */
export interface Expected extends Range { readonly detectDns: Range; readonly detectDb: Range; readonly terms: readonly Term[] }

/** What the arithmetic must know of a run beside its settings: how the primary region was lost, and how often (ms) the reference client looks. */
export interface Loss { readonly how: (typeof ways)[number]; readonly clientEveryMs: number }
const ways = ['black-hole', 'reject', 'one-way-in', 'one-way-out', 'crash', 'freeze'] as const;

/** How the primary region was lost in a run; null where it was not, or in a way that no arithmetic fits. */
export function lossOf(history: History): Loss | null {
  const fault = leadingFault(history);
  const how = ways.find((way) => way === fault?.params['how']);
  // A part that is lost, or one link, is not the region.
  if (!fault || fault.place !== primaryOf(history.run.topology).name || how === undefined) return null;
  return { how, clientEveryMs: Math.max(0, ...clientProbes(history).map(({ everyMs }) => everyMs)) };
}

/** The reference system's failover controller waits so much longer than a lease lasts: the database looks at it every second, and a busy one a little later. */
const leaseSlackMs = 2_000;

/** A witness tries for so long, and the pilot waits half a second longer. */
const witnessMs = 1_500;

interface Summand extends Term { readonly stage: string }

/**
 * Adds up the settings for the loss of the primary region.
 * Detection by name: each checker needs `threshold` bad looks on its own phase, so threshold - 1 to threshold intervals, and one look's own limit where nothing answers (dns.md 1.4: of 16 checkers the 14th decides, near the slowest).
 */
export function addUp(settings: Settings, loss: Loss): Expected {
  const all = summandsOf(settings, loss);
  const sum = (path: Term['path'], end: 'low' | 'high') => all.filter((one) => one.path === path).reduce((total, one) => total + one[end], 0);
  return {
    low: round(Math.max(sum('dns', 'low'), sum('db', 'low')) + sum('client', 'low')),
    high: round(Math.max(sum('dns', 'high'), sum('db', 'high')) + sum('client', 'high')),
    detectDns: ofStage(all, 'stage.detect.dns'), detectDb: ofStage(all, 'stage.detect.db'),
    terms: all.map(({ what, low, high, path }) => ({ what, path, low, high })),
  };
}

/** The same sums, by the stage (as `failover-time` names it) in which they are spent. */
export function stageRanges(settings: Settings, loss: Loss): Readonly<Record<string, Range>> {
  const all = summandsOf(settings, loss);
  return Object.fromEntries([...new Set(all.map(({ stage }) => stage))].map((stage) => [stage, ofStage(all, stage)]));
}

function summandsOf({ dns, app, failover, database }: Settings, { how, clientEveryMs }: Loss): Summand[] {
  const lookMs = how === 'freeze' ? dns.responseTimeout : how === 'crash' || how === 'reject' ? 0 : dns.connectTimeout;
  // Whoever begins is refused by both; whoever waits for an answer since before is told by a crash alone.
  const silent = how !== 'crash' && how !== 'reject';
  const hangs = how !== 'crash';
  const observeLimit = Math.min(failover.observe, 1_000);
  const heard = hangs ? [Math.max(0, database.netTimeout - database.heartbeat), database.netTimeout] as const : [0, 0] as const;
  const term = (path: Term['path'], stage: string, what: string, lowMs: number, highMs: number): Summand => ({ what, path, stage: `stage.${stage}`, low: seconds(lowMs), high: seconds(highMs) });
  return [
    term('dns', 'detect.dns', `health checks: ${dns.threshold} in a row, one every ${seconds(dns.interval)} s`, (dns.threshold - 1) * dns.interval, dns.threshold * dns.interval),
    term('dns', 'detect.dns', 'the look that waits for nothing', lookMs, lookMs),
    term('dns', 'publish.dns', 'publishing the name', dns.publishDelay, dns.publishDelay),
    term('dns', 'resolve', 'the TTL that resolvers still hold', 0, Math.ceil(dns.ttl / 1_000) * 1_000),
    term('db', 'detect.db', `the pilot: ${failover.misses} misses in a row and a replica that hears nothing`, Math.max((failover.misses - 1) * failover.observe, heard[0]), Math.max(failover.misses * failover.observe + (silent ? observeLimit : 0), heard[1]) + failover.observe),
    ...(failover.witnesses?.length > 0 ? [term('db', 'detect.db', 'the witnesses, who are asked then and try for a second', 0, witnessMs)] : []), // runs from before there was this choice have none
    ...(failover.decide === 'manual' ? [term('db', 'person', 'the person who is asked', failover.person, failover.person + failover.observe)] : []),
    ...(failover.fence === 'lease' ? [term('db', 'lease', 'the lease that must have run out', 0, failover.lease + leaseSlackMs + failover.observe)] : []),
    ...(failover.decide === 'runbook' ? [] : [term('db', 'drain', 'fencing, stopping and draining', 0, (silent ? 1_000 : 0) + failover.drainTimeout)]),
    term('db', 'publish.db', 'publishing the database name, and its TTL', dns.publishDelay, dns.publishDelay + Math.ceil(dns.databaseTtl / 1_000) * 1_000),
    term('client', 'adopt', 'connections that hang until the app gives up on them', 0, hangs ? app.queryTimeout + app.connectTimeout : app.connectTimeout),
    term('client', 'adopt', 'until the next look', 0, clientEveryMs),
  ];
}

function ofStage(all: readonly Summand[], stage: string): Range {
  const mine = all.filter((one) => one.stage === stage);
  return { low: round(mine.reduce((total, { low }) => total + low, 0)), high: round(mine.reduce((total, { high }) => total + high, 0)) };
}

function round(value: number): number {
  return seconds(value * 1_000);
}
