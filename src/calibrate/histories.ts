import type { Entry, History, Sample, Watched } from '../history.ts';
import type { Kind, Seen } from '../seen.ts';
import { settingsSchema, type Resolver, type Topology } from '../topology.ts';

/** The two regions of planted histories, and the address of the service while each serves. */
export const regions = { old: 'old', taking: 'taking' } as const;
export const addresses = { [regions.old]: '10.0.0.1', [regions.taking]: '10.0.0.2' } as const;

/** What a planted history is about: its probes, its resolvers, when (ms) its fault was pulled and seen to bite, and its entries in any order; `client`: the probes of the reference client, none unless named. The standby is promoted just after the fault, unless `promoted` is false. */
export interface Story { readonly probes: readonly Watched[]; readonly resolvers?: readonly Resolver[]; readonly cut: { readonly low: number; readonly high: number }; readonly entries: readonly Entry[]; readonly client?: readonly string[]; readonly promoted?: false }

/** A whole history with one proven fault, as a run would have recorded it. */
export function historyOf({ probes, resolvers = [], cut, entries, client = [], promoted }: Story): History {
  const topology: Topology = {
    system: 'planted', regions: [{ name: regions.old, role: 'primary' }, { name: regions.taking, role: 'standby' }], places: ['outside', regions.old, regions.taking],
    names: { service: 'service.planted', database: 'database.planted' }, resolvers, authorities: ['authority-1', 'authority-2'], settings: settingsSchema.parse({ dns: { ttl: '2s' } }),
  };
  const fault: Entry[] = [
    { kind: 'fault', at: cut.low, name: 'planted', state: 'injecting', evidence: [] },
    { kind: 'fault', at: cut.low, name: 'planted', state: 'injected', evidence: [] },
    { kind: 'fault', at: cut.high, name: 'planted', state: 'proven', bittenAt: cut.high, evidence: [] },
    ...(promoted === false ? [] : [{ kind: 'mark' as const, at: cut.high + 1, who: 'pilot', what: 'promoted', subject: regions.taking, errorMs: 0, evidence: {} }]),
  ];
  return {
    status: 'completed',
    entries: [...fault, ...entries].sort((a, b) => a.at - b.at),
    run: {
      schema: 1, id: 'planted', scenario: 'planted', title: 'planted', world: 'none', startedAt: '', topology, client: { probes: client, resolver: 'strict' }, stableMs: 1_000, probes,
      impact: 'planted', faults: [{ name: 'planted', kind: 'planted', place: regions.old, part: null, atMostMs: 60_000, params: {} }], then: [], checks: [], gates: [], addresses,
      fingerprint: { hash: '', scenario: '', settings: '', metrics: 1, versions: {}, machine: {} },
    },
  };
}

/** A probe as the record of a run has it. */
export function watchedAs(name: string, kind: string, says: Kind, everyMs: number, params: Watched['params'] = {}): Watched {
  return { name, kind, says, place: 'outside', everyMs, timeoutMs: everyMs, params };
}

/** One look in [started, ended] ms. */
export function lookAs<K extends Kind>(says: K, probe: string, seq: number, started: number, ended: number, data: Seen[K], ok: boolean = true): Entry {
  return { kind: 'sample', at: started, says, probe, place: 'outside', seq, scheduled: started, started, ended, ok, error: ok ? null : 'not good', data } satisfies Sample<K> as Entry;
}
