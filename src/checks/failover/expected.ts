import { seconds } from '../../judge/bounds.ts';
import type { History } from '../../history.ts';
import { clientProbes, leadingFault } from '../../judge/looks.ts';
import { primaryOf } from '../../topology.ts';

/** One summand of the expectation, in seconds; `path`: on the name's way, the database's, or the client's after both. */
export interface Term { readonly what: string; readonly low: number; readonly high: number; readonly path: 'dns' | 'db' | 'client' }

/** What arithmetic says a failover takes, in seconds: the slower of both ways, and then the client. */
export interface Expected { readonly low: number; readonly high: number; readonly detectDns: { readonly low: number; readonly high: number }; readonly detectDb: { readonly low: number; readonly high: number }; readonly terms: readonly Term[] }

/**
 * Adds up the settings for the loss of the primary region; null for any other fault.
 * Detection by name: each checker needs `threshold` bad looks on its own phase, so threshold - 1 to threshold intervals, and one look's own limit where nothing answers (dns.md 1.4: of 16 checkers the 14th decides, near the slowest).
 */
export function expectFailover(history: History): Expected | null {
  const fault = leadingFault(history);
  const how = fault?.params['how'];
  if (!fault || fault.place !== primaryOf(history.run.topology).name || !(how === 'black-hole' || how === 'crash' || how === 'freeze')) return null;
  const { dns, app, failover, database } = history.run.topology.settings;
  const lookMs = { 'black-hole': dns.connectTimeout, crash: 0, freeze: dns.responseTimeout }[how];
  const silent = how !== 'crash';
  const observeLimit = Math.min(failover.observe, 1_000);
  const intervalMs = Math.max(0, ...clientProbes(history).map(({ everyMs }) => everyMs));
  const term = (path: Term['path'], what: string, lowMs: number, highMs: number): Term => ({ what, path, low: seconds(lowMs), high: seconds(highMs) });
  const heard = silent ? [Math.max(0, database.netTimeout - database.heartbeat), database.netTimeout] as const : [0, 0] as const;
  const terms = [
    term('dns', `health checks: ${dns.threshold} in a row, one every ${seconds(dns.interval)} s`, (dns.threshold - 1) * dns.interval, dns.threshold * dns.interval),
    term('dns', 'the look that waits for nothing', lookMs, lookMs),
    term('dns', 'publishing the name', dns.publishDelay, dns.publishDelay),
    term('dns', 'the TTL that resolvers still hold', 0, Math.ceil(dns.ttl / 1_000) * 1_000),
    term('db', `the pilot: ${failover.misses} misses in a row and a replica that hears nothing`, Math.max((failover.misses - 1) * failover.observe, heard[0]), Math.max(failover.misses * failover.observe + (silent ? observeLimit : 0), heard[1]) + failover.observe),
    term('db', 'fencing, stopping and draining', 0, (silent ? 1_000 : 0) + failover.drainTimeout),
    term('db', 'publishing the database name, and its TTL', dns.publishDelay, dns.publishDelay + Math.ceil(dns.databaseTtl / 1_000) * 1_000),
    term('client', 'connections that hang until the app gives up on them', 0, silent ? app.queryTimeout + app.connectTimeout : app.connectTimeout),
    term('client', 'until the next look', 0, intervalMs),
  ];
  const sum = (path: Term['path'], end: 'low' | 'high') => terms.filter((one) => one.path === path).reduce((total, one) => total + one[end], 0);
  const round = (value: number) => seconds(value * 1_000);
  const [health, waits, , , pilot] = terms;
  return {
    low: round(Math.max(sum('dns', 'low'), sum('db', 'low')) + sum('client', 'low')),
    high: round(Math.max(sum('dns', 'high'), sum('db', 'high')) + sum('client', 'high')),
    detectDns: { low: round((health?.low ?? 0) + (waits?.low ?? 0)), high: round((health?.high ?? 0) + (waits?.high ?? 0)) },
    detectDb: { low: pilot?.low ?? 0, high: pilot?.high ?? 0 },
    terms,
  };
}
