#!/usr/bin/env node
// Every shipped scenario that a world can run, once, and what came of it: `npm run bench bench/scenarios.ts -- [--on embedded] [--out reports/scenarios] [--attempts 3] [--lock FILE] [--keep docs/scenarios.md]`.
// A run that its own gates left out is made again, and counted. Called again, it goes on where it was; what ran before its scenario was last changed (by git) does not count. Ends with 1 where a scenario's objectives were not met or it never came to a verdict.
import { $, argv, fs, glob, path, YAML } from 'zx';
import { readAnnals } from '../src/annals.ts';
import type { Outcome } from '../src/outcome.ts';
import { regionfall } from './turns.ts';

const { on = 'embedded', out = 'reports/scenarios', attempts = 3, lock, keep } = argv as unknown as { readonly on?: string; readonly out?: string; readonly attempts?: number; readonly lock?: string; readonly keep?: string };
const annals = path.join(out, 'history.jsonl');
const titles = new Map((await glob('scenarios/*.yaml', { cwd: path.resolve(import.meta.dirname, '..'), absolute: true })).sort()
  .map((file) => [path.basename(file, '.yaml'), String((YAML.parse(fs.readFileSync(file, 'utf8')) as { readonly title: string }).title)]));

const changedAt = new Map<string, number>();
for (const name of titles.keys()) changedAt.set(name, 1_000 * Number((await $({ nothrow: true, quiet: true })`git -C ${path.resolve(import.meta.dirname, '..')} log -1 --format=%ct -- ${`scenarios/${name}.yaml`}`).stdout));
const runsOf = async (name: string): Promise<Outcome[]> => (await fs.pathExists(annals) ? (await readAnnals(annals)).filter((run) => run.scenario === name && run.world === on && Date.parse(run.startedAt) > (changedAt.get(name) ?? 0)) : []);
const decided = (runs: readonly Outcome[]) => runs.findLast(({ ruling, status }) => ruling !== 'inconclusive' && status === 'completed');

/** Null where the scenario came to a verdict, or why this world cannot run it. */
async function see(name: string): Promise<string | null> {
  for (let attempt = (await runsOf(name)).length; attempt < Number(attempts) && !decided(await runsOf(name)); attempt += 1) {
    const held = lock === undefined ? [] : ['flock', '-o', lock];
    const run = await $({ nothrow: true, quiet: true })`${held} ${regionfall} run ${name} --on ${on} --yes --out ${out}`;
    console.log(`${new Date().toISOString().slice(11, 19)}  ${name}: exit ${run.exitCode}  ${run.stdout.split('\n').findLast((line) => /^(PASS|FAIL|INCONCLUSIVE|MEASURED)/.test(line)) ?? ''}`);
    if (run.exitCode === 130) process.exit(130);
    if (run.exitCode === 3) return run.stderr.split('\n').find((line) => line.trim() !== '')?.replace(/^.*?\.yaml:\d+: /, '') ?? 'it was refused';
  }
  return null;
}

const refused = new Map<string, string>();
for (const name of titles.keys()) {
  const why = await see(name);
  if (why !== null) refused.set(name, why);
}
let missed = 0;
const rows: string[] = [];
for (const [name, title] of titles) {
  if (refused.has(name)) continue;
  const runs = await runsOf(name);
  const told = decided(runs);
  if (!told || told.ruling === 'fail') missed += 1;
  rows.push(`| [${name}](../scenarios/${name}.yaml) | ${title} | ${told?.ruling ?? 'no verdict'} | ${told?.because ?? runs.at(-1)?.because ?? 'it did not run'} | ${told ? runs.indexOf(told) + 1 : runs.length} |`);
}
const others = [...refused].map(([name, why]) => `* [${name}](../scenarios/${name}.yaml): ${why}`);
const text = `Each shipped scenario on the ${on} world, as \`npm run bench bench/scenarios.ts\` printed it. What a scenario predicts stands in its file; its objectives are the prediction, so a pass is what was predicted, and where nothing is asked it is measured.\n\n| scenario | what it is | verdict | what was seen | runs until a verdict |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n${others.length === 0 ? '' : `\nNot for this world:\n\n${others.join('\n')}\n`}`;
console.log(`\n${text}`);
if (keep !== undefined) await fs.outputFile(keep, text);
process.exitCode = missed === 0 ? 0 : 1;
