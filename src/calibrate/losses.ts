import type { Finding } from '../check.ts';
import type { dataLoss } from '../checks/data-loss.ts';
import type { Details } from '../checks/loss/details.ts';
import type { History } from '../history.ts';
import { makeRandom } from '../providers/sim/random.ts';
import { drawWrites, writesStory, type Fate, type Write } from './writes.ts';

/** What is planted, in the words of the ledger; each becomes a row. */
export const plantedFates = ['lost', 'stranded', 'destroyed', 'recovered', 'unresolved', 'duplicated', 'stale', 'phantom', 'after the cut', 'refused', 'kept'] as const;
export type PlantedFate = (typeof plantedFates)[number];

/** How often something of a kind was planted, and in how many histories it was not found as it was. */
export interface Found { readonly mode: PlantedFate; readonly planted: number; readonly misses: readonly string[] }

/** Plants lost, recovered, duplicated, stale, phantom and after-the-cut writes in random histories and has them judged by `check`: all must be found, and nothing else. */
export function plantLosses(check: typeof dataLoss, histories: number, seed: string): Found[] {
  const random = makeRandom(`losses ${seed}`);
  const planted = new Map<PlantedFate, number>(plantedFates.map((fate) => [fate, 0]));
  const misses = new Map<PlantedFate, string[]>(plantedFates.map((fate) => [fate, []]));
  for (let index = 0; index < histories; index += 1) {
    const { writes, cut } = drawWrites(random);
    const finding = check.judge(writesStory(writes, cut, random) satisfies History, {});
    for (const fate of plantedFates) {
      planted.set(fate, (planted.get(fate) ?? 0) + writes.filter((write) => isOf(fate, write, cut.at)).length);
      misses.get(fate)?.push(...compare(fate, writes, cut, finding).map((miss) => `history ${index}: ${miss}`));
    }
  }
  return plantedFates.map((mode) => ({ mode, planted: planted.get(mode) ?? 0, misses: misses.get(mode) ?? [] }));
}

type Judged = Omit<Finding, 'check' | 'kind'>;
type Cut = { readonly low: number; readonly high: number; readonly at: number };

function isOf(fate: PlantedFate, write: Write, cutAt: number): boolean {
  const lost = write.fate === 'stranded' || write.fate === 'destroyed';
  if (fate === 'lost') return lost;
  return fate === 'after the cut' ? lost && write.ended > cutAt : write.fate === fate;
}

function compare(fate: PlantedFate, writes: readonly Write[], cut: Cut, finding: Judged): string[] {
  const truth = writes.filter((write) => isOf(fate, write, cut.at));
  const details = finding.details as Details;
  const misses: string[] = [];
  const differs = (what: string, said: unknown, is: unknown): void => { if (JSON.stringify(said) !== JSON.stringify(is)) misses.push(`${what} ${JSON.stringify(said)} instead of ${JSON.stringify(is)}`); };
  const ops = (some: readonly Write[]): string[] => some.map(({ number }) => `planted:${number}`).sort();
  switch (fate) {
    case 'after the cut': {
      const { low, high } = measureOf(finding, 'loss.afterCut');
      if (truth.length < (low ?? 0) || truth.length > (high ?? 0)) misses.push(`${truth.length} is not within ${low}-${high}`);
      return misses;
    }
    case 'lost':
      differs('lost', details.writes.map(({ op }) => op).sort(), ops(truth));
      return [...misses, ...compareRpo(truth, cut, finding)];
    case 'stranded': case 'destroyed':
      differs(fate, details.writes.filter((write) => write.class === fate).map(({ op }) => op).sort(), ops(truth));
      return misses;
    case 'phantom': differs(fate, [...details.phantoms].sort(), ops(truth)); return misses;
    case 'refused': differs(fate, details.refused, truth.length); return misses;
    case 'kept': differs('acked', measureOf(finding, 'loss.acked').value, writes.filter(({ fate: one }) => acked.has(one)).length); return misses;
    default: differs(fate, measureOf(finding, `loss.${fate}`).value, truth.length); return misses;
  }
}

const acked: ReadonlySet<Fate> = new Set<Fate>(['kept', 'stale', 'duplicated', 'stranded', 'destroyed']);

function compareRpo(lost: readonly Write[], cut: Cut, finding: Judged): string[] {
  // By definition from the ack, which the client had when its look ended.
  const oldest = Math.min(...lost.map(({ ended }) => ended));
  const truth = oldest <= cut.at ? (cut.at - oldest) / 1_000 : 0;
  const { low, high } = measureOf(finding, 'loss.rpo');
  // Measures are said to the millisecond.
  return low !== null && high !== null && low - 0.001 <= truth && truth <= high + 0.001 ? [] : [`an RPO of ${truth} s is not within ${low}-${high}`];
}

function measureOf(finding: Judged, name: string): { readonly value: number | null; readonly low: number | null; readonly high: number | null } {
  const measure = finding.measures.find((one) => one.name === name);
  if (!measure) throw new Error(`the check gives no measure ${name}`);
  return measure;
}
