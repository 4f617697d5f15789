import type { Direct } from '../../agent/direct.ts';
import { makeDirect } from '../../agent/direct.ts';
import { dataLoss } from '../../checks/data-loss.ts';
import { lostUpdates } from '../../checks/lost-updates.ts';
import type { Engine } from '../../providers/embedded/engine.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import type { Atlas } from '../../world.ts';
import { compare as compareWrites, plantedOf, type PlantedFate } from './losses.ts';
import { writeReally, type RealWrites } from './real-writes.ts';
import { countRow, foundRow, type Row } from '../row.ts';
import { findDatabases, openTwoServers } from './two-servers.ts';
import { compare as compareUpdates, plantedUpdates, saidOf, truthOf } from './updates.ts';

/** What is planted of writes on real databases: all but what a server counts itself, which a drill has it count. */
export const realFates = ['lost', 'stranded', 'destroyed', 'recovered', 'unresolved', 'duplicated', 'stale', 'phantom', 'after the cut', 'refused', 'kept', 'beyond a loss', 'acked by both', 'errant'] as const satisfies readonly PlantedFate[];

/** How often something of a kind was planted, and in what ways it was not found as it was. */
export interface RealLoss { readonly kind: string; readonly planted: number; readonly misses: readonly string[] }

/** Plants losses, and updates that are taken back, on two real servers. `make`: how the agent writes and reads. */
export async function plantRealLosses(engine: Engine, seed: string, make: (atlas: Atlas) => Direct = makeDirect): Promise<RealWrites> {
  const random = makeRandom(`real losses ${engine.name} ${seed}`);
  const two = await openTwoServers(engine, random);
  try { return await writeReally(make, two, random); } finally { await two.close(); }
}

/** Has what agent and census saw of it judged: all must be found and classed, and nothing else. */
export function judgeRealLosses({ history, written, truth }: RealWrites, checks: { readonly dataLoss: typeof dataLoss; readonly lostUpdates: typeof lostUpdates } = { dataLoss, lostUpdates }): RealLoss[] {
  const finding = checks.dataLoss.judge(history, {});
  const [is, told] = [truthOf(truth, false), saidOf(checks.lostUpdates, history)];
  return [
    ...realFates.map((fate) => ({ kind: `writes ${fate}`, planted: plantedOf(fate, written).length, misses: compareWrites(fate, written, finding) })),
    ...plantedUpdates.map((mode) => ({ kind: `updates ${mode}`, planted: is[mode].length, misses: compareUpdates(mode, is, told) })),
  ];
}

/** A row for every kind of loss on every engine that this machine has; for one that it has not, a row that says so. No rows where nothing is to be planted. */
export async function databaseRows({ databases, seed }: { readonly databases: number; readonly seed: string }, say: (line: string) => void): Promise<Row[]> {
  if (databases === 0) return [];
  const { there, missing } = await findDatabases();
  const rows: Row[] = [];
  for (const engine of there) {
    const found: RealLoss[] = [];
    for (let round = 0; round < databases; round += 1) {
      say(`real databases: ${engine.name}, ${round + 1} of ${databases}`);
      found.push(...judgeRealLosses(await plantRealLosses(engine, `${seed} ${round}`)));
    }
    for (const kind of new Set(found.map((one) => one.kind))) {
      const mine = found.filter((one) => one.kind === kind);
      rows.push(foundRow(`${engine.name}, ${kind}`, mine.reduce((sum, { planted }) => sum + planted, 0), mine.flatMap(({ misses }) => misses), say));
    }
  }
  return [...rows, ...missing.map(({ name, why }) => {
    say(`SKIPPED: losses on ${name}: ${why}`);
    return { ...countRow(`${name}, losses`, [], say), skipped: why };
  })];
}
