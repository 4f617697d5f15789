#!/usr/bin/env node
// The same drill again and again: `npm run bench bench/repeat.ts [scenario] [times] [world]`. Prints each verdict, and whether anything was left behind.
import { $, fs, os, path } from 'zx';

$.quiet = true;
const [scenario = 'smoke', times = '10', world = 'embedded'] = process.argv.slice(2);
const regionfall = path.resolve(import.meta.dirname, '../bin/regionfall.mjs');
const out = await fs.mkdtemp(path.join(os.tmpdir(), 'regionfall-bench-'));
let passed = 0;
for (let turn = 1; turn <= Number(times); turn += 1) {
  const began = performance.now();
  const run = await $({ nothrow: true })`${process.execPath} ${regionfall} run ${scenario} --on ${world} --yes --out ${out}`;
  const swept = await $`${process.execPath} ${regionfall} sweep`;
  const clean = swept.stdout.includes('nothing was left behind');
  if (run.exitCode === 0 && clean) passed += 1;
  const verdict = run.stdout.split('\n').findLast((line) => /^(PASS|FAIL|INCONCLUSIVE|MEASURED)/.test(line)) ?? run.stderr.trim().split('\n').at(-1) ?? '';
  console.log(`${String(turn).padStart(3)}  exit ${run.exitCode}  ${((performance.now() - began) / 1_000).toFixed(1)} s  ${clean ? 'nothing left' : `LEFT: ${swept.stdout.trim()}`}  ${verdict}`);
}
await fs.remove(out);
console.log(`${scenario} on ${world}: ${passed} of ${times} passed with nothing left behind`);
if (passed < Number(times)) process.exitCode = 1;
