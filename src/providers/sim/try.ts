import { settingsSchema, type Topology } from '../../topology.ts';
import { simulation } from './provider.ts';
import type { Entry } from '../../history.ts';
const settings = settingsSchema.parse({ database: { replication: process.argv[2] ?? 'semi-sync', degrade: 'never' } });
const topology: Topology = { system: 'active-passive', regions: [{ name: 'ap', role: 'primary' }, { name: 'us', role: 'standby' }], places: ['outside', 'ap', 'us'],
  names: { service: 'app.regionfall.test', database: 'db.regionfall.test' }, resolvers: [{ name: 'strict', kind: 'strict', planted: false }, { name: 'stretch', kind: 'stretch', minTtlMs: 300_000, planted: true }], authorities: ['authority-1', 'authority-2'], settings };
const t0 = performance.now();
const world = await simulation().open(topology, { id: 'try', dir: '/tmp/simtry', endsWithinMs: 1e6 }, console.log, new AbortController().signal);
const entries: Entry[] = [];
world.marks((m) => { entries.push(m); console.log((m.at / 1000).toFixed(3), m.who, m.what, m.subject, JSON.stringify(m.evidence)); });
const p = (name: string, kind: string, place: string, everyMs: number, timeoutMs: number, params = {}) => ({ name, kind, place, everyMs, timeoutMs, params });
const d = (server: string) => p(`names@${server}`, 'dns', 'outside', 250, 2000, { servers: [server], domain: 'app.regionfall.test' });
const watch = await world.watch([p('front', 'http', 'outside', 250, 250, { path: '/orders' }), p('pooled', 'http', 'outside', 250, 250, { path: '/orders', connections: 'reused' }), d('strict'), d('stretch'), d('authority-1'),
  p('writer', 'ledger', 'outside', 20, 12000), p('inside', 'ledger', 'ap', 20, 12000), p('promotion', 'direct', 'us', 100, 1000), p('reads', 'reads', 'outside', 1000, 1000, { writer: 'writer' }), p('control', 'http', 'outside', 250, 250, { target: 'control' })], (e) => entries.push(e));
await world.clock.sleep(60_000);
const undo = await world.levers.cut!({ place: 'ap' }, 'rest', { how: 'drop', direction: 'both' }, 400_000);
await world.clock.sleep(180_000);
await undo.heal();
await world.clock.sleep(30_000);
const c1 = await world.from('ap').census!(new AbortController().signal);
console.log(await world.operate('rejoin', new AbortController().signal), (world.clock.now() / 1000).toFixed(3));
console.log(await world.inStep(new AbortController().signal));
console.log(await world.operate('fail back', new AbortController().signal), (world.clock.now() / 1000).toFixed(3));
await world.clock.sleep(600_000 - world.clock.now());
await watch.stop();
const c2 = await world.from('us').census!(new AbortController().signal);
console.log('cpu', process.cpuUsage()); console.log('wall ms', performance.now() - t0, 'entries', entries.length, 'virtual', world.clock.now());
for (const c of [c1, c2]) console.log(c.region, c.position, c.state, c.checksum, JSON.stringify(c.rows).slice(0, 300));
for (const name of ['front', 'pooled', 'names@strict', 'names@stretch', 'names@authority-1', 'writer', 'inside', 'promotion', 'reads', 'control']) {
  const runs: string[] = []; let last = ''; let n = 0;
  const s = entries.filter((e) => e.kind === 'sample' && e.probe === name) as any[];
  for (const e of s) { const k = `${e.ok ? 'ok' : 'BAD'} ${e.error ?? ''} ${e.says === 'write' ? e.data?.outcome + ' ' + e.data?.server : e.says === 'dns' ? e.data?.addresses : e.says === 'http' ? e.data?.servedBy : ''}`; if (k !== last) { if (last) runs.push(`  ${n} x ${last}`); runs.push(` from ${(e.started / 1000).toFixed(2)}`); last = k; n = 0; } n++; }
  console.log(name, s.length, (runs.join('') + `  ${n} x ${last}`).slice(0, 1500));
}
const w = entries.filter((e) => e.kind === 'sample' && e.says === 'write') as any[];
const inC = (op: string) => { const [wr, nu] = op.split(':'); return (c2.rows[wr!]?.numbers ?? []).some(([a, b]) => a <= +nu! && +nu! <= b); };
const lost = w.filter((e) => e.data?.outcome === 'acked' && !inC(e.data.op));
console.log('acked', w.filter((e) => e.data?.outcome === 'acked').length, 'lost', lost.length, lost[0]?.started, lost.at(-1)?.started, 'refused present', w.filter((e) => e.data?.outcome === 'refused' && inC(e.data.op)).length, 'indet', w.filter((e) => e.data?.outcome === 'indeterminate').length);
await world[Symbol.asyncDispose]();
