import { settingsSchema, type Topology } from '../topology.ts';
import type { Entry, FaultState, History, Phase, Run, Sample, Watched } from '../history.ts';
import type { Kind, Outcome, Seen } from '../seen.ts';

const topology: Topology = {
  system: 'active-passive',
  regions: [{ name: 'here', role: 'primary' }, { name: 'there', role: 'standby' }],
  places: ['outside', 'here', 'there'],
  names: { service: 'app.test', database: 'db.test' },
  resolvers: [{ name: 'strict', kind: 'strict', planted: false }, { name: 'stretch', kind: 'stretch', minTtlMs: 300_000, planted: true }],
  authorities: ['authority-1', 'authority-2'],
  settings: settingsSchema.parse({ dns: { interval: '1s', threshold: 2, ttl: '2s', publishDelay: '100ms' } }),
};

/** A probe as `run.probes` has it: every 100 ms from outside unless told otherwise. */
export function watched(name: string, kind: string, says: Kind, over: Partial<Watched> = {}): Watched {
  return { name, kind, says, place: 'outside', everyMs: 100, timeoutMs: 100, params: {}, ...over };
}

const run: Run = {
  schema: 1, id: 'r', scenario: 's', title: 't', world: 'sim', startedAt: '2024-01-01T00:00:00Z', topology,
  client: { probes: ['front'], resolver: 'strict' }, stableMs: 1_000,
  probes: [watched('front', 'http', 'http'), watched('control', 'http', 'http', { params: { target: 'control' } })],
  impact: 'lose', faults: [{ name: 'lose', kind: 'region-outage', place: 'here', part: null, atMostMs: 60_000, params: { region: 'here', how: 'black-hole' } }],
  then: ['heal'], checks: [], gates: [], addresses: { here: '10.0.0.1', there: '10.0.0.2' },
  fingerprint: { hash: 'h', scenario: 's', settings: 's', metrics: 1, versions: {}, machine: {} },
};

interface Look { readonly takes?: number; readonly ok?: boolean; readonly error?: string | null; readonly seq?: number }

/** Writes a history by hand, entry by entry; every verb returns the story itself. Times in ms. */
export function story(over: Partial<Run> = {}) {
  const entries: Entry[] = [];
  const seqs = new Map<string, number>();
  const about: Run = { ...run, ...over };
  const self = {
    entry(entry: Entry) { entries.push(entry); return self; },
    phase(at: number, phase: Phase) { return self.entry({ kind: 'phase', at, phase }); },
    fault(at: number, state: FaultState, more: { name?: string; bittenAt?: number; evidence?: string[] } = {}) {
      const { name = 'lose', evidence = [], ...rest } = more;
      return self.entry({ kind: 'fault', at, name, state, evidence, ...rest });
    },
    /** The usual course of a fault: pulled at `at`, seen to bite 50 ms later, healed and gone at `gone`. */
    broken(at: number, gone?: number) {
      self.fault(at, 'injecting').fault(at + 20, 'injected').fault(at + 80, 'proven', { bittenAt: at + 50 });
      return gone === undefined ? self : self.fault(gone, 'healing').fault(gone + 10, 'healed').fault(gone + 20, 'gone');
    },
    mark(at: number, who: string, what: string, subject: string, evidence: Record<string, unknown> = {}, errorMs = 0) {
      return self.entry({ kind: 'mark', at, who, what, subject, errorMs, evidence });
    },
    look<K extends Kind>(started: number, says: K, probe: string, data: Seen[K] | null, { takes = 10, ok = true, error = ok ? null : 'refused', seq }: Look = {}) {
      const mine = seq ?? seqs.get(probe) ?? 0;
      seqs.set(probe, mine + 1);
      const place = about.probes.find((watch) => watch.name === probe)?.place ?? 'outside';
      return self.entry({ kind: 'sample', at: started, says, probe, place, seq: mine, scheduled: started, started, ended: started + takes, ok, error, data } satisfies Sample<K> as Sample);
    },
    /** HTTP looks every 100 ms in [from, to); bad, and taking the whole 100 ms, where `bad` says so. */
    http(probe: string, from: number, to: number, bad: (at: number) => boolean = () => false, servedBy = 'here') {
      for (let at = from; at < to; at += 100) {
        if (bad(at)) self.look(at, 'http', probe, null, { takes: 100, ok: false, error: 'timed out' });
        else self.look(at, 'http', probe, { status: 200, servedBy, connection: 'new', address: '10.0.0.1' });
      }
      return self;
    },
    write(started: number, writer: string, number: number, outcome: Outcome, more: { server?: string | null; gtid?: string | null; takes?: number; attempt?: number } = {}) {
      const { server = '1', gtid = null, takes = 10, attempt = 1 } = more;
      return self.look(started, 'write', writer, { op: `${writer}:${number}`, attempt, outcome, server: outcome === 'acked' ? server : null, gtid, servedBy: null }, { takes, ok: outcome === 'acked', seq: number - 1 });
    },
    dns(started: number, probe: string, server: string, address: string, ttl = 2) {
      return self.look(started, 'dns', probe, { server, addresses: [address], ttl, rcode: 'NOERROR', ede: null });
    },
    census(started: number, region: string, rows: Seen['census']['rows'], more: Partial<Seen['census']> = {}) {
      return self.look(started, 'census', `census@${region}`, { region, server: region === 'here' ? '1' : '2', rows, position: '', state: '', checksum: 'same', ...more });
    },
    history(status: History['status'] = 'completed'): History { return { run: about, entries, status }; },
  };
  return self;
}

/** The value, low and high of a finding's measure, by name. */
export function measureOf(found: { readonly measures: readonly import('../check.ts').Measure[] }, name: string) {
  const measure = found.measures.find((candidate) => candidate.name === name);
  if (!measure) throw new Error(`no measure ${name}`);
  return measure;
}
