import type { Entry, FaultState, History, Mark, Phase, Run, Sample } from '../history.ts';
import type { Outcome } from '../seen.ts';
import { settingsSchema, type Topology } from '../topology.ts';

const primary = 'ap-northeast-2';
const standby = 'us-west-2';
const addresses: Readonly<Record<string, string>> = { [primary]: '10.1.0.10', [standby]: '10.2.0.10' };

/** When things happen in the made-up run, ms. */
export const script = {
  baseline: 30_000, break: 60_000, bites: 60_180, dead: 64_300, stopped: 65_000, drained: 65_400, promoted: 65_900, databaseMoved: 66_600, unhealthy: 96_400, moved: 97_050,
  resolved: 148_300, heal: 182_000, rejoin: 186_000, rejoined: 193_000, failBack: 196_000, away: 198_100, back: 199_600, reconcile: 232_000, done: 236_000,
} as const;

const topology: Topology = {
  system: 'active-passive',
  regions: [{ name: primary, role: 'primary' }, { name: standby, role: 'standby' }],
  places: ['outside', primary, standby],
  names: { service: 'app.regionfall.test', database: 'db.regionfall.test' },
  resolvers: [{ name: 'strict', kind: 'strict', planted: false }, { name: 'stretch', kind: 'stretch', minTtlMs: 300_000, planted: true }],
  authorities: ['authority-1', 'authority-2'],
  settings: settingsSchema.parse({}),
};

const watch = (name: string, kind: string, says: Run['probes'][number]['says'], place: string, everyMs: number, timeoutMs: number, params: Record<string, unknown> = {}) => ({ name, kind, says, place, everyMs, timeoutMs, params });
const probes: Run['probes'] = [
  watch('front door', 'http', 'http', 'outside', 250, 250, { path: '/orders', connections: 'new', resolver: 'strict' }),
  watch('pooled', 'http', 'http', 'outside', 250, 250, { path: '/orders', connections: 'reused', resolver: 'strict' }),
  watch('writer', 'ledger', 'write', 'outside', 20, 12_000, { resolver: 'strict' }),
  watch('inside', 'ledger', 'write', primary, 20, 12_000),
  watch('promotion', 'direct', 'write', standby, 100, 1_000),
  ...['strict', 'stretch', 'authority-1', 'authority-2'].map((server) => watch(`names@${server}`, 'dns', 'dns', 'outside', 250, 2_000, { name: 'service', servers: [server] })),
  watch('control', 'http', 'http', 'outside', 250, 250, { target: 'control', path: '/' }),
];

const run: Run = {
  schema: 1, id: '20261122-0500-a1b2', scenario: 'dr-drill', title: 'Lose the primary region', predicts: 'Semi-sync that never degrades: users are back within two minutes, and nothing that was acknowledged is lost.', world: 'embedded', startedAt: '2026-11-22T05:00:00.000Z', topology,
  client: { probes: ['front door', 'writer'], resolver: 'strict' }, stableMs: 30_000, probes, impact: 'lose primary',
  faults: [{ name: 'lose primary', kind: 'region-outage', place: primary, part: null, atMostMs: 240_000, params: { region: primary, how: 'black-hole' } }],
  then: ['heal', 'rejoin', 'fail back'], addresses,
  gates: [{ name: 'healthy', kind: 'steady', objective: { probe: 'front door', minOkPct: 99.9 } }],
  checks: [
    { name: 'rto', kind: 'failover-time', objective: { max: 120_000 } }, { name: 'rpo', kind: 'data-loss', objective: { maxLost: 0, maxRpo: 1_000 } },
    { name: 'dns', kind: 'dns-convergence', objective: { critical: ['strict'], max: 90_000 } }, { name: 'way back', kind: 'fail-back', objective: { maxPause: 5_000 } },
  ],
  fingerprint: { hash: '5f0c9a7be1', scenario: '77aa01', settings: '9c31d0', metrics: 1, versions: { mariadb: '10.11.11', unbound: '1.17.1', node: '24.21.0', regionfall: '0.1.0' }, machine: { cpus: 2, memoryGiB: 8, kernel: '6.18' } },
};

/** A made-up run of `dr-drill`, deterministic; for tests of what is said, never of what is measured. `lost`: how many acked writes of the inside writer are stranded on the old side after the cut. */
export function drillHistory(options: { readonly lost?: number; readonly title?: string; readonly blind?: boolean } = {}): History {
  const lost = options.lost ?? 0;
  const entries: Entry[] = [...phases(), ...faultEntries(), ...markEntries(), ...probes.flatMap((probe) => samples(probe, lost)), ...censuses(lost)];
  if (options.blind) entries.push({ kind: 'blind', at: 110_000, probe: null, place: 'outside', from: 104_000, to: 107_500, why: 'the agent outside sent no beat' });
  entries.push({ kind: 'gap', at: 230_000, place: 'outside', missed: 0, ticks: 15_000, jitterP99: 1.2, jitterMax: 6.3, stallMax: 8 });
  entries.sort((a, b) => a.at - b.at);
  return { run: { ...run, title: options.title ?? run.title }, entries, status: 'completed' };
}

function phases(): Entry[] {
  const at: [Phase, number][] = [['stabilise', 0], ['baseline', script.baseline], ['break', script.break], ['heal', script.heal], ['rejoin', script.rejoin], ['fail back', script.failBack], ['quiesce', 230_000], ['reconcile', script.reconcile], ['done', script.done]];
  return at.map(([phase, when]) => ({ kind: 'phase', at: when, phase, ...(phase === 'done' ? { status: 'completed' } : {}) }));
}

function faultEntries(): Entry[] {
  const bitten = [`from outside to ${primary}/app: silent (expected silent)`, `from ${standby} to ${primary}/database: silent (expected silent)`, `from ${primary} to control: silent (expected silent)`];
  const says: [FaultState, number, string[]][] = [['injecting', script.break, [`before: outside -> ${primary}/app ok`]], ['injected', script.break + 95, []], ['proven', script.break + 420, bitten], ['healing', script.heal, []], ['healed', script.heal + 60, []], ['gone', script.heal + 350, [`from outside to ${primary}/app: ok`]]];
  return says.map(([state, at, evidence]) => ({ kind: 'fault', at, name: 'lose primary', state, evidence, ...(state === 'proven' ? { bittenAt: script.bites } : {}) }));
}

function markEntries(): Entry[] {
  const says: [number, string, string, string, number][] = [
    [script.break + 1_900, 'pilot', 'suspected', primary, 5], [script.dead, 'pilot', 'declared dead', primary, 5], [script.dead + 600, 'pilot', 'fence failed', primary, 5], [script.stopped, 'pilot', 'stopped', standby, 5], [script.drained, 'pilot', 'drained', standby, 5],
    [script.drained + 100, 'pilot', 'errant checked', standby, 5], [script.promoted, 'pilot', 'promoted', standby, 5], [script.databaseMoved, 'pilot', 'published', topology.names.database, 5], [script.databaseMoved + 300, 'pilot', 'verified', standby, 5],
    [script.unhealthy, 'gslb', 'unhealthy', primary, 50], [script.moved, 'gslb', 'published', topology.names.service, 50], [script.heal + 21_000, 'gslb', 'healthy', primary, 50],
    [script.rejoined, 'pilot', 'rejoined', primary, 5], [script.rejoined + 1_100, 'drill', 'redundant', 'all', 5], [script.back, 'pilot', 'switched over', primary, 5],
  ];
  return says.map(([at, who, what, subject, errorMs]): Mark => ({ kind: 'mark', at, who, what, subject, errorMs, evidence: what === 'published' ? { serial: 42, addresses: ['10.2.0.10'] } : {} }));
}

function samples(probe: Run['probes'][number], lost: number): Sample[] {
  const found: Sample[] = [];
  const until = script.reconcile - 2_000;
  for (let seq = 0, scheduled = 500 + (seq % 7); scheduled < until; seq++, scheduled += probe.everyMs) {
    const took = 2 + ((seq * 7919) % 40) / 10;
    const state = stateOf(probe.name, scheduled, lost);
    const hung = state.error === null ? took : state.hangs === false ? took : probe.timeoutMs;
    found.push({ kind: 'sample', at: scheduled + 0.4, says: probe.says, probe: probe.name, place: probe.place, seq, scheduled, started: scheduled + 0.4, ended: scheduled + 0.4 + hung, ok: state.error === null, error: state.error, data: dataOf(probe, seq, state) } as Sample);
  }
  return found;
}

interface State { readonly by: string; readonly error: string | null; readonly outcome?: Outcome; readonly hangs?: boolean }

function stateOf(name: string, at: number, lost: number): State {
  const database = at >= script.promoted && at < script.back ? standby : primary;
  const failingBack = at >= script.away && at < script.back;
  if (name === 'control') return { by: '', error: null };
  if (name === 'promotion') return { by: standby, error: database === standby ? null : '1290 read-only', outcome: database === standby ? 'acked' : 'refused', hangs: false };
  if (name.startsWith('names@')) return { by: namedBy(name, at), error: null };
  if (name === 'inside') return insideAt(at, lost, failingBack);
  const region = at >= script.resolved && at < 212_000 ? standby : primary;
  if (region === primary && at >= script.bites && at < script.heal) return { by: region, error: 'timed out', outcome: 'indeterminate' };
  if (name === 'writer' && failingBack) return { by: region, error: 'HTTP 503 read-only', outcome: 'refused', hangs: false };
  return { by: region, error: null, outcome: 'acked' };
}

function insideAt(at: number, lost: number, failingBack: boolean): State {
  if (at >= script.bites && at < script.rejoin) return at < script.bites + lost * 20 ? { by: primary, error: null, outcome: 'acked' } : { by: primary, error: 'timed out', outcome: 'indeterminate' };
  if (at >= script.rejoin && at < script.rejoined) return { by: primary, error: 'connect ECONNREFUSED 10.1.0.11:3306', outcome: 'refused', hangs: false };
  return failingBack ? { by: primary, error: 'HTTP 503 read-only', outcome: 'refused', hangs: false } : { by: primary, error: null, outcome: 'acked' };
}

function namedBy(name: string, at: number): string {
  const flip = name === 'names@authority-1' ? script.moved - 120 : name === 'names@authority-2' ? script.moved : name === 'names@strict' ? script.resolved : Number.POSITIVE_INFINITY;
  const back = name.startsWith('names@authority') ? 204_000 : 212_000;
  return at >= flip && at < back ? standby : primary;
}

function dataOf(probe: Run['probes'][number], seq: number, state: State): unknown {
  if (probe.says === 'dns') return { server: probe.name.slice('names@'.length), addresses: [addresses[state.by] ?? ''], ttl: 60 - (seq % 60), rcode: 'NOERROR', ede: null };
  if (probe.says === 'write') return { op: `${probe.name}:${seq + 1}`, attempt: 1, outcome: state.outcome ?? 'acked', server: state.by, gtid: state.error === null ? `0-${state.by === primary ? 1 : 2}-${seq + 1}` : null, servedBy: state.by };
  return state.error === null ? { status: 200, servedBy: state.by || null, connection: probe.params['connections'] ?? 'new', address: addresses[state.by] ?? '10.0.0.9' } : null;
}

function censuses(lost: number): Sample<'census'>[] {
  const acked = (name: string, filter: (seq: number, at: number) => boolean): [number, number][] => {
    const probe = probes.find((one) => one.name === name) as Run['probes'][number];
    const ranges: [number, number][] = [];
    for (const sample of samples(probe, lost)) {
      if (!sample.ok || !filter(sample.seq, sample.started)) continue;
      const last = ranges.at(-1);
      if (last && last[1] === sample.seq) last[1] = sample.seq + 1; else ranges.push([sample.seq + 1, sample.seq + 1]);
    }
    return ranges;
  };
  const inCut = (at: number) => at >= script.bites && at < script.rejoin;
  const census = (at: number, region: string, seq: number, keep: (name: string) => (seq: number, at: number) => boolean, position: string): Sample<'census'> => ({
    kind: 'sample', at, says: 'census', probe: 'census', place: region, seq, scheduled: at, started: at, ended: at + 80, ok: true, error: null,
    data: { region, server: region, rows: Object.fromEntries(['writer', 'inside', 'promotion'].map((name) => [name, { numbers: acked(name, keep(name)), counts: {} }])), position, state: position, checksum: 'c0ffee' },
  });
  const old = census(script.heal + 1_500, primary, 0, () => (_seq, at) => at < script.bites + lost * 20, `0-1-${9_000 + lost}`);
  const lone = census(script.heal + 1_600, standby, 3, (name) => (_seq, at) => at < script.heal && !(name === 'inside' && inCut(at)), '0-1-9000,0-2-2000');
  const kept = (name: string) => (_seq: number, at: number) => name !== 'inside' || !inCut(at);
  return [old, lone, census(script.reconcile + 500, primary, 1, kept, '0-1-20000,0-2-9000'), census(script.reconcile + 700, standby, 2, kept, '0-1-20000,0-2-9000')];
}
