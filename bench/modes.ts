#!/usr/bin/env node
// One "failover time" for every way a region is lost and every way a team runs it: `npm run bench bench/modes.ts -- [--on embedded] [--out reports/modes] [--enough 5] [--lock FILE] [--wait-while FILE] [--keep docs/modes.md]`.
// Series of real runs, each the fast version of `versions/` with one thing changed; prints a table of medians with least and most. Called again, it goes on where it was; `--enough 0` runs nothing and prints what is kept.
import { argv, fs, path, YAML } from 'zx';
import { readAnnals } from '../src/annals.ts';
import type { Outcome } from '../src/outcome.ts';
import { cell } from './cell.ts';
import { takeTurns } from './turns.ts';

const { on = 'embedded', out = 'reports/modes', enough = 5, lock, keep, 'wait-while': waitWhile } = argv as unknown as { readonly on?: string; readonly out?: string; readonly enough?: number; readonly lock?: string; readonly keep?: string; readonly 'wait-while'?: string };

interface Scenario { title: string; predicts: string; settings: Record<string, Record<string, unknown>>; watch: Record<string, unknown>; break: Record<string, { fault: string; at: string; until: string; 'at most'?: string; with: Record<string, unknown> }> }
/** One row: what is changed of the fast version, and why its numbers differ from those of the black hole. */
interface Row { readonly name: string; readonly why: string; readonly change: (scenario: Scenario) => void }

const primary = 'ap-northeast-2';
const lost = (how: string) => (scenario: Scenario) => { (scenario.break['lose primary'] as Scenario['break'][string]).with = { region: primary, how }; };
const setting = (group: string, values: Record<string, unknown>) => (scenario: Scenario) => { scenario.settings[group] = { ...scenario.settings[group], ...values }; };

const modes: readonly Row[] = [
  { name: 'black-hole', why: 'nothing answers: everybody waits for a time limit of their own', change: lost('black-hole') },
  { name: 'reject', why: 'refused at once: no limit has to run out before something is known', change: lost('reject') },
  { name: 'crash', why: 'refused at once, and what was open is reset: the replica knows it too', change: lost('crash') },
  { name: 'freeze', why: 'connections are accepted and nothing more: the response limit counts, not that of connecting', change: lost('freeze') },
  { name: 'one-way-in', why: 'what is sent there is lost: to whoever asks it is a black hole', change: lost('one-way-in') },
  { name: 'one-way-out', why: 'requests arrive and answers do not: writes are done that nobody hears of', change: lost('one-way-out') },
  { name: 'database-frozen', why: 'health checks stay green, the name never moves: users wait for the database alone', change: (scenario) => { scenario.break['lose primary'] = { fault: 'part-outage', at: '0s', until: 'recovered', 'at most': '3m', with: { place: primary, part: 'database', how: 'freeze' } }; } },
  { name: 'replica-first', why: 'the replica was cut off 2 s earlier: it has heard nothing for longer, and lacks more', change: (scenario) => {
    scenario.settings['database'] = { ...scenario.settings['database'], replication: 'async' };
    scenario.break = { 'lose replica': { fault: 'replication-cut', at: '0s', until: 'recovered', 'at most': '3m', with: { region: primary } }, 'lose primary': { ...(scenario.break['lose primary'] as Scenario['break'][string]), at: '2s' } };
  } },
];
const choices: readonly Row[] = [
  { name: 'async', why: 'the region that is cut off goes on acknowledging writes', change: setting('database', { replication: 'async' }) },
  { name: 'far-apart', why: '130 ms there and back: every commit waits for them (each writer makes 20 a second here, not 50: more would queue up), and after the move every page of the old region does', change: (scenario) => {
    setting('network', { distance: '130ms' })(scenario);
    for (const name of ['writer', 'inside']) (scenario.watch[name] as { every: string }).every = '50ms';
  } },
  { name: 'a-person', why: 'somebody is asked, and takes 20 s', change: setting('failover', { decide: 'manual', person: '20s' }) },
  { name: 'ttl-20', why: 'resolvers keep the old answer for up to 20 s', change: setting('dns', { ttl: '20s' }) },
];

const columns: readonly (readonly [head: string, measure: string])[] = [
  ['health checks notice', 'failover.detect.dns'], ['pilot notices', 'failover.detect.db'], ['promoted', 'failover.promote'], ['RTO', 'failover.rto'],
  ['lost before the cut', 'loss.before'], ['lost after it', 'loss.afterCut'], ['DNS convergence', 'dns.convergence.max'],
];

async function write({ name, why, change }: Row): Promise<string> {
  const scenario = YAML.parse(await fs.readFile(path.join(import.meta.dirname, 'versions', 'fast.yaml'), 'utf8')) as Scenario;
  Object.assign(scenario, { title: `The fast version, ${name}`, predicts: why });
  change(scenario);
  const file = path.resolve(out, 'scenarios', `${name}.yaml`);
  await fs.outputFile(file, YAML.stringify(scenario));
  return file;
}

function table(title: string, rows: readonly Row[], all: readonly Outcome[]): string {
  const lines = rows.map(({ name, why }) => {
    const made = all.filter((run) => run.series?.name === name);
    const runs = made.filter(({ invalid }) => invalid === null);
    const slowest = [...new Set(runs.flatMap((run) => run.slowest ?? []))].map((stage) => stage.replace('stage.', '')).join(', ');
    return `| ${name} | ${runs.length}${runs.length === made.length ? '' : ` of ${made.length}`} | ${columns.map(([, measure]) => (runs.length === 0 ? 'no run counts' : cell(runs, measure))).join(' | ')} | ${slowest || 'none'} | ${why} |`;
  });
  return [`| ${title} | n | ${columns.map(([head]) => head).join(' | ')} | slowest stage | why it differs |`, `|${' --- |'.repeat(columns.length + 4)}`, ...lines].join('\n');
}

if (Number(enough) > 0) {
  const files = Object.fromEntries(await Promise.all([...modes, ...choices].map(async (row) => [row.name, await write(row)] as const)));
  await takeTurns(files, { on, out, enough: Number(enough), lock, waitWhile });
}
const runs = await readAnnals(path.join(out, 'history.jsonl'));
const head = `One "failover time" for every way a region is lost and a team runs it: medians, with the least and the most, of real runs on the ${on} world in turns, as \`npm run bench bench/modes.ts\` printed them. n of N: the others were left out by their own gates (an agent that was kept waiting, a control path that was bad), whatever they had measured. Each row is the fast version (health checks every second, a pilot that looks four times a second, semi-sync that never degrades, TTL 2 s) with one thing changed; times are from the cut.`;
const text = `${head}\n\n${table('the region is lost by', modes, runs)}\n\n${table('by a black hole, with', choices, runs)}\n`;
console.log(`\n${text}`);
if (keep !== undefined) await fs.outputFile(keep, text);
