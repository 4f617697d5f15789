#!/usr/bin/env node
// How long a world on kind takes to be ready, from nothing and with kept clusters, and what it weighs: `npm run bench bench/kind.ts [another tool's command]`.
// The other command is a yardstick run in the same go: the seconds of its line with "replicates" are what the world is held against.
import { kind } from '../src/providers/kube/provider.ts';
import { smallTopology } from '../test/contract/ground.ts';
import { $, fs, os, path } from 'zx';

$.quiet = true;
const yardstick = process.argv[2];
const goals = { keptS: 15, memoryGiB: 5 };
const dir = await fs.mkdtemp(path.join(os.tmpdir(), 'regionfall-bench-'));

/** Opens a world, weighs it and closes it; seconds until users could be served, the steps on the way with theirs, and GiB. */
async function measure(id: string, keep: boolean): Promise<{ readyS: number; memoryGiB: number; steps: string }> {
  const began = performance.now();
  const said: { readonly line: string; readonly at: number }[] = [];
  const world = await kind.open(smallTopology('semi-sync'), { id, dir: path.join(dir, id), endsWithinMs: 600_000, keep }, (line) => { said.push({ line, at: performance.now() }); }, new AbortController().signal);
  const readyS = (performance.now() - began) / 1_000;
  const used = await $`docker stats --no-stream --format ${'{{.Name}} {{.MemUsage}}'}`;
  const memoryGiB = used.stdout.split('\n').filter((line) => line.startsWith('regionfall-')).reduce((sum, line) => sum + gib(line), 0);
  await world[Symbol.asyncDispose]();
  const steps = said.map(({ line, at }, index) => `${line} ${(((said[index + 1]?.at ?? began + readyS * 1_000) - at) / 1_000).toFixed(1)} s`).join('; ');
  return { readyS, memoryGiB, steps };
}

function gib(line: string): number {
  const [, number = '0', unit = ''] = / ([\d.]+)(\w+) \//.exec(line) ?? [];
  return Number(number) * ({ KiB: 1 / 2 ** 20, MiB: 1 / 2 ** 10, GiB: 1 }[unit] ?? 0);
}

const fresh = await measure('bench-fresh', false);
await kind.sweep('kept');
await measure('bench-first', true);
const kept = await measure('bench-kept', true);
await kind.sweep('kept');
await fs.remove(dir);
let heldTo = Number.NaN;
if (yardstick !== undefined) heldTo = Number(/(\d+)s .*replicates/.exec((await $({ nothrow: true })`${yardstick}`).stdout)?.[1] ?? Number.NaN);
console.log(`world ready from nothing: ${fresh.readyS.toFixed(1)} s${yardstick === undefined ? '' : ` (${yardstick}: ${heldTo} s until its databases replicate; at most as long)`}`);
console.log(`  ${fresh.steps}`);
console.log(`world ready with kept clusters: ${kept.readyS.toFixed(1)} s (at most ${goals.keptS} s)`);
console.log(`  ${kept.steps}`);
console.log(`memory of two regions and the edge: ${fresh.memoryGiB.toFixed(1)} GiB (at most ${goals.memoryGiB} GiB)`);
if (kept.readyS > goals.keptS || fresh.memoryGiB > goals.memoryGiB || fresh.readyS > heldTo) process.exitCode = 1;
