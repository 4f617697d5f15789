#!/usr/bin/env node
// The same drills on MariaDB and on MySQL, in turns: `npm run bench bench/engines.ts -- [--on embedded] [--out reports/engines] [--enough 3] [--lock FILE] [--wait-while FILE] [--keep docs/engines.md]`.
// Needs both engines (docs/databases.md). Prints a table of medians with least and most. Called again, it goes on where it was.
import { argv, fs, path, YAML } from 'zx';
import { readAnnals } from '../src/annals.ts';
import type { Outcome } from '../src/outcome.ts';
import { cell } from './cell.ts';
import { takeTurns } from './turns.ts';

const { on = 'embedded', out = 'reports/engines', enough = 3, lock, keep, 'wait-while': waitWhile } = argv as unknown as { readonly on?: string; readonly out?: string; readonly enough?: number; readonly lock?: string; readonly keep?: string; readonly 'wait-while'?: string };

type Settings = Record<string, Record<string, unknown>>;
interface Scenario { title: string; predicts: string; settings: Settings; then: string[]; expect: Record<string, unknown>; watch: Record<string, Record<string, unknown>> }
interface Drill { readonly name: string; readonly about: string; readonly settings: Settings; readonly columns: readonly (readonly [head: string, measure: string, places?: number])[] }

const engines = ['mariadb', 'mysql'] as const;
const drills: readonly Drill[] = [
  {
    name: 'waiting', about: 'semi-sync that never degrades, 130 ms there and back, 40 writes a second', settings: { network: { distance: '130ms' } },
    columns: [['commit, median', 'commits.p50', 3], ['commit, p99', 'commits.p99', 3], ['pilot notices', 'failover.detect.db'], ['promoted', 'failover.promote'], ['RTO', 'failover.rto'], ['lost', 'loss.lost'], ['two copies again, from the heal', 'redundancy.restored.heal']],
  },
  {
    name: 'errant', about: 'async: the region that was cut off has transactions of its own, is saved from, and is rebuilt', settings: { database: { replication: 'async' } },
    columns: [['commit, median', 'commits.p50', 3], ['commit, p99', 'commits.p99', 3], ['pilot notices', 'failover.detect.db'], ['promoted', 'failover.promote'], ['RTO', 'failover.rto'], ['lost', 'loss.lost'], ['two copies again, from the heal', 'redundancy.restored.heal']],
  },
];
const nameOf = (drill: Drill, engine: string) => `${drill.name}-${engine}`;

async function write(drill: Drill, engine: string): Promise<string> {
  const scenario = YAML.parse(await fs.readFile(path.join(import.meta.dirname, 'versions', 'fast.yaml'), 'utf8')) as Scenario;
  Object.assign(scenario, { title: `The fast version on ${engine}: ${drill.name}`, predicts: drill.about, then: ['heal', 'rejoin'], baseline: '10s' });
  for (const [group, values] of Object.entries({ ...drill.settings, database: { ...drill.settings['database'], engine } })) scenario.settings[group] = { ...scenario.settings[group], ...values };
  // Far apart, a page of the other region takes several ways: what is compared here are databases.
  for (const probe of Object.values(scenario.watch)) if (probe['probe'] === 'http') Object.assign(probe, { every: '500ms', timeout: '500ms' });
  for (const probe of Object.values(scenario.watch)) if (probe['probe'] === 'ledger') probe['every'] = '50ms';
  Object.assign(scenario.expect, { commits: { check: 'commits' }, back: { check: 'fail-back' } });
  const file = path.resolve(out, 'scenarios', `${nameOf(drill, engine)}.yaml`);
  await fs.outputFile(file, YAML.stringify(scenario));
  return file;
}

function table(drill: Drill, all: readonly Outcome[]): string {
  const lines = engines.map((engine) => {
    const runs = all.filter((run) => run.series?.name === nameOf(drill, engine) && run.invalid === null);
    const versions = [...new Set(runs.map((run) => run.fingerprint.versions[engine]))].join(', ');
    return `| ${engine} ${versions} | ${runs.length} | ${drill.columns.map(([, measure, places]) => (runs.length === 0 ? 'no run counts' : cell(runs, measure, places))).join(' | ')} |`;
  });
  return [`| ${drill.about} | n | ${drill.columns.map(([head]) => head).join(' | ')} |`, `|${' --- |'.repeat(drill.columns.length + 2)}`, ...lines].join('\n');
}

const files = Object.fromEntries(await Promise.all(drills.flatMap((drill) => engines.map(async (engine) => [nameOf(drill, engine), await write(drill, engine)] as const))));
await takeTurns(files, { on, out, enough: Number(enough), lock, waitWhile });
const runs = await readAnnals(path.join(out, 'history.jsonl'));
const text = `${drills.map((drill) => table(drill, runs)).join('\n\n')}\n`;
console.log(`\n${text}`);
if (keep !== undefined) await fs.outputFile(keep, text);
