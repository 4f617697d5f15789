#!/usr/bin/env node
// What the harness itself costs: time beyond the planned phases, and memory of harness and agents (PSS), over one real `smoke`.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { $, fs, os, path } from 'zx';

$.quiet = true;
const root = path.resolve(import.meta.dirname, '..');
const out = await fs.mkdtemp(path.join(os.tmpdir(), 'regionfall-bench-'));
const goals = { overheadS: 15, memoryMB: 300 };

const began = performance.now();
const run = $({ nothrow: true })`${process.execPath} ${join(root, 'bin/regionfall.mjs')} run smoke --on embedded --yes --out ${out}`;
let most = { total: 0, parts: {} as Record<string, number> };
const sampling = setInterval(() => { void weigh().then((now) => { if (now.total > most.total) most = now; }); }, 1_000);
const done = await run;
clearInterval(sampling);
const wallS = (performance.now() - began) / 1_000;

const [folder] = await readdir(out);
if (folder === undefined) throw new Error(`smoke wrote no report: ${done.stdout}${done.stderr}`);
const history = (await readFile(join(out, folder, 'history.jsonl'), 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as { kind: string; phase?: string; at: number });
const at = (phase: string): number => history.find((entry) => entry.kind === 'phase' && entry.phase === phase)?.at ?? Number.NaN;
const plannedS = (at('quiesce') - at('baseline')) / 1_000;
const overheadS = wallS - plannedS;

console.log(`smoke on embedded, exit ${done.exitCode}: ${wallS.toFixed(1)} s in all, ${plannedS.toFixed(1)} s of them planned phases (baseline to fail-back)`);
console.log(`overhead beyond the planned phases: ${overheadS.toFixed(1)} s (at most ${goals.overheadS} s)`);
for (const [what, mb] of Object.entries(most.parts)) console.log(`  ${what.padEnd(24)} ${mb.toFixed(0).padStart(4)} MB`);
console.log(`memory of harness and agents, PSS at its most: ${most.total.toFixed(0)} MB (at most ${goals.memoryMB} MB)`);
await fs.remove(out);
if (done.exitCode !== 0 || overheadS > goals.overheadS || most.total > goals.memoryMB) process.exitCode = 1;

/** Proportional set size of every process of the harness, in MB, by what it is: the way in, the harness, an agent a place. */
async function weigh(): Promise<{ total: number; parts: Record<string, number> }> {
  const parts: Record<string, number> = {};
  let agents = 0;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').then((text) => text.replaceAll('\0', ' '), () => '');
    if (!command.includes(root) || command.includes('/src/system/') || command.includes('/bench/')) continue;
    const isNode = /^\S*node /.test(command);
    const what = !isNode ? null : command.includes('src/agent/main.ts') ? `agent ${++agents}` : command.includes('bin/regionfall.mjs') || command.includes('src/cli.ts') ? 'harness' : command.includes('control.ts') ? 'control point' : null;
    if (what === null) continue;
    const pss = /^Pss:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => ''))?.[1];
    if (pss !== undefined) parts[what] = Number(pss) / 1_024;
  }
  return { total: Object.values(parts).reduce((sum, mb) => sum + mb, 0), parts };
}
