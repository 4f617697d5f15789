#!/usr/bin/env node
// How fast simulated time passes: `npm run bench bench/sim.ts [minutes]`. The reference system, watched by a page four times a second, a name and a writer once a second.
import { performance } from 'node:perf_hooks';
import { simulation } from '../src/providers/sim/provider.ts';
import type { BoundProbe } from '../src/world.ts';
import { topologyWith } from '../test/topology.ts';

const minutes = Number(process.argv[2] ?? 10);
const goalS = 1;
const probe = (name: string, kind: string, everyMs: number, timeoutMs: number, params: Record<string, unknown> = {}): BoundProbe => ({ name, kind, place: 'outside', everyMs, timeoutMs, params });
const probes = [probe('front door', 'http', 250, 250, { path: '/orders' }), probe('names', 'dns', 1_000, 1_000, { servers: ['strict'], domain: 'app.regionfall.test' }), probe('writer', 'ledger', 1_000, 5_000)];

const [began, used] = [performance.now(), process.cpuUsage()];
const world = await simulation().open(topologyWith(), { id: 'bench', dir: '/nowhere', endsWithinMs: 1e9 }, () => {}, new AbortController().signal);
let looks = 0;
const { stop } = await world.watch(probes, ({ kind }) => { if (kind === 'sample') looks += 1; });
await world.clock.sleep(minutes * 60_000);
await stop();
const [wallS, cpu] = [(performance.now() - began) / 1_000, process.cpuUsage(used)];
const cpuS = (cpu.user + cpu.system) / 1e6;
console.log(`${minutes} simulated minutes, ${looks} looks: ${cpuS.toFixed(2)} s of processor time, ${wallS.toFixed(2)} s by the clock (ten minutes in at most ${goalS} s of processor time)`);
if (cpuS > (goalS * minutes) / 10) process.exitCode = 1;
