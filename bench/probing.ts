#!/usr/bin/env node
// A thousand looks a second from one agent, and k6's constant arrival rate on the same target after it: `npm run bench bench/probing.ts [seconds]`.
// Prints ticks that were missed and how far from their time the others began.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { $, chalk, fs, os, path, which } from 'zx';
import { connectAgent } from '../src/agent/link.ts';
import { realClock } from '../src/clock.ts';
import { here } from '../src/exec.ts';
import type { Entry, Sample } from '../src/history.ts';
import type { BoundProbe } from '../src/world.ts';

$.quiet = true;
const rate = 1_000;
const probes = 20;
const warmUpMs = 6_000;
const seconds = Number(process.argv[2] ?? 20);

interface Kept { readonly who: string; readonly due: number; readonly made: number; readonly missed: number; readonly bad: number; readonly p50: number; readonly p99: number; readonly max: number }

const target = spawn(process.execPath, ['-e', "const s = require('http').createServer((_q, a) => a.end('ok')).listen(0, '127.0.0.1', () => console.log(s.address().port))"], { stdio: ['ignore', 'pipe', 'inherit'] });
const port = Number(String(await new Promise((resolve) => { target.stdout.once('data', resolve); })));
const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'regionfall-bench-'));
try {
  const ours = await byAgent();
  say(ours);
  if (ours.missed > 0) process.exitCode = 1;
  if (await which('k6', { nothrow: true })) say(await byK6());
  else console.log(chalk.yellow('SKIPPED: k6 is not on the PATH, so there is nothing to compare with'));
} finally {
  target.kill();
  await fs.remove(folder);
}

function say({ who, due, made, missed, bad, p50, p99, max }: Kept): void {
  console.log(`${who.padEnd(8)} ${due.toLocaleString('en-US').padStart(8)} due  ${made.toLocaleString('en-US').padStart(8)} made  ${String(missed).padStart(5)} missed  ${String(bad).padStart(3)} bad  start jitter p50 ${p50.toFixed(2)}  p99 ${p99.toFixed(2)}  max ${max.toFixed(2)} ms`);
}

/** One agent as shipped, looking with so many probes on kept connections; warmed up first. */
async function byAgent(): Promise<Kept> {
  const clock = realClock();
  const entries: Entry[] = [];
  const everyMs = (1_000 * probes) / rate;
  const atlas = { service: '', servicePort: 1, parts: { 'here/app': `127.0.0.1:${port}` }, nameservers: {}, from: '127.0.0.1', database: { user: '', password: '', schema: '' } };
  const bound = Array.from({ length: probes }, (_, index): BoundProbe => ({ name: `probe ${index}`, kind: 'http', place: 'here', everyMs, timeoutMs: 1_000, params: { path: '/', connections: 'reused', target: { place: 'here', part: 'app' } } }));
  const running = here.start([process.execPath, '--disable-warning=ExperimentalWarning', fileURLToPath(new URL('../src/agent/main.ts', import.meta.url))]);
  const agent = connectAgent(running, { clock, place: 'here', atlas }, (entry) => entries.push(entry));
  await agent.start(bound);
  const from = clock.now() + warmUpMs;
  await clock.sleep(warmUpMs + 1_000 * seconds);
  const to = clock.now();
  await agent.stop();
  await agent.close();
  const made = entries.filter((entry): entry is Sample => entry.kind === 'sample' && entry.scheduled >= from && entry.scheduled < to);
  // Ticks are counted by the schedule itself, probe by probe, and not by what the agent says of it.
  const due = bound.reduce((sum, { name }) => {
    const mine = made.filter((sample) => sample.probe === name);
    return sum + Math.round(((mine.at(-1)?.scheduled ?? 0) - (mine[0]?.scheduled ?? 0)) / everyMs) + 1;
  }, 0);
  const late = Float64Array.from(made, ({ started, scheduled }) => Math.abs(started - scheduled)).sort();
  return { who: 'agent', due, made: made.length, missed: due - made.length, bad: made.filter(({ ok }) => !ok).length, p50: rankOf(late, 0.5), p99: rankOf(late, 0.99), max: late.at(-1) ?? 0 };
}

/** k6 tells no schedule: an iteration is due at its index over the rate after the scenario's start, less the earliest start of all; its clock shows whole milliseconds. */
async function byK6(): Promise<Kept> {
  const script = path.join(folder, 'probe.js');
  await fs.writeFile(script, `
import http from 'k6/http';
import exec from 'k6/execution';
import { Trend } from 'k6/metrics';
const late = new Trend('late');
export const options = { discardResponseBodies: true, summaryTrendStats: ['min', 'med', 'p(99)', 'max'], scenarios: { probe: { executor: 'constant-arrival-rate', rate: ${rate}, timeUnit: '1s', duration: '${seconds + warmUpMs / 1_000}s', preAllocatedVUs: 100, maxVUs: 400 } } };
export default function () {
  const index = exec.scenario.iterationInTest;
  if (index >= ${(rate * warmUpMs) / 1_000}) late.add(Date.now() - exec.scenario.startTime - (index * 1000) / ${rate});
  http.get('http://127.0.0.1:${port}/');
}
export function handleSummary(data) {
  const of = (name, value) => (data.metrics[name] ? data.metrics[name].values[value] : 0);
  return { '${path.join(folder, 'k6.json')}': JSON.stringify({ made: of('iterations', 'count'), missed: of('dropped_iterations', 'count'), bad: data.metrics.http_req_failed.values.passes, min: of('late', 'min'), med: of('late', 'med'), p99: of('late', 'p(99)'), max: of('late', 'max') }) };
}
`);
  await $`k6 run --quiet --no-usage-report ${script}`;
  const { made, missed, bad, min, med, p99, max } = await fs.readJson(path.join(folder, 'k6.json')) as { made: number; missed: number; bad: number; min: number; med: number; p99: number; max: number };
  return { who: 'k6', due: made + missed, made, missed, bad, p50: med - min, p99: p99 - min, max: max - min };
}

function rankOf(sorted: Float64Array, share: number): number {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
}
