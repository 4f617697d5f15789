import type { Finding } from '../../check.ts';
import type { dataLoss } from '../../checks/data-loss.ts';
import type { Details } from '../../checks/loss/details.ts';
import type { History } from '../../history.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import { invented } from '../miss.ts';
import { drawWrites, inTheEnd, isAlone, writesStory, type Fate, type Write, type Written } from './writes.ts';

/** What is planted, in the words of the ledger; each becomes a row. */
export const plantedFates = ['lost', 'stranded', 'destroyed', 'recovered', 'unresolved', 'duplicated', 'stale', 'phantom', 'after the cut', 'refused', 'kept', 'beyond a loss', 'acked by both', 'errant', 'acked alone', 'acked alone, lost'] as const;
export type PlantedFate = (typeof plantedFates)[number];

/** How often something of a kind was planted, and in how many histories it was not found as it was. */
export interface Found { readonly mode: PlantedFate; readonly planted: number; readonly misses: readonly string[] }

/** Plants lost, recovered, duplicated, stale, phantom and after-the-cut writes in random histories and has them judged by `check`: all must be found, and nothing else. */
export function plantLosses(check: typeof dataLoss, histories: number, seed: string): Found[] {
  const random = makeRandom(`losses ${seed}`);
  const planted = new Map<PlantedFate, number>(plantedFates.map((fate) => [fate, 0]));
  const misses = new Map<PlantedFate, string[]>(plantedFates.map((fate) => [fate, []]));
  for (let index = 0; index < histories; index += 1) {
    const written = drawWrites(random);
    const finding = check.judge(writesStory(written, random) satisfies History, {});
    for (const fate of plantedFates) {
      planted.set(fate, (planted.get(fate) ?? 0) + plantedOf(fate, written).length);
      misses.get(fate)?.push(...compare(fate, written, finding).map((miss) => `history ${index}: ${miss}`));
    }
  }
  return plantedFates.map((mode) => ({ mode, planted: planted.get(mode) ?? 0, misses: misses.get(mode) ?? [] }));
}

type Judged = Omit<Finding, 'check' | 'kind'>;
type Cut = Written['cut'];

const acked: ReadonlySet<Fate> = new Set<Fate>(['kept', 'stale', 'duplicated', 'stranded', 'destroyed']);
const isLost = ({ fate }: Write): boolean => fate === 'stranded' || fate === 'destroyed';

/** The writes of a kind; for `errant`, whatever only the old server's position tells of. */
export function plantedOf(fate: PlantedFate, { writes, cut, strays, alone, updates = 0 }: Written): readonly unknown[] {
  switch (fate) {
    case 'lost': return writes.filter(isLost);
    case 'after the cut': return writes.filter((write) => isLost(write) && write.ended > cut.at);
    case 'beyond a loss': return writes.filter((write) => isBeyond(write, writes));
    case 'acked by both': return overlapOf(writes).inside;
    case 'acked alone': return writes.filter((write) => acked.has(write.fate) && isAlone(write, alone));
    case 'acked alone, lost': return writes.filter((write) => isLost(write) && isAlone(write, alone));
    case 'errant': return Array.from({ length: errantIn(writes, strays + updates) });
    default: return writes.filter((write) => write.fate === fate);
  }
}

/** Survived, though an earlier write, acked before this one was sent, is gone. */
function isBeyond(write: Write, writes: readonly Write[]): boolean {
  return acked.has(write.fate) && inTheEnd.has(write.fate) && write.server === '1' && writes.some((other) => isLost(other) && other.ended < write.started);
}

/** What the old server acked after the new one had begun to. */
function overlapOf(writes: readonly Write[]): { readonly inside: readonly Write[]; readonly first: Write | undefined } {
  const first = writes.filter((write) => write.server === '2' && acked.has(write.fate)).sort((a, b) => a.ended - b.ended)[0];
  return { first, inside: writes.filter((write) => first && write.server === '1' && acked.has(write.fate) && write.ended > first.ended) };
}

/** Transactions of the old server beyond the last of its own that the new one has. */
function errantIn(writes: readonly Write[], strays: number): number {
  const all = writes.filter((write) => write.server === '1' && write.sequence > 0);
  const survived = all.filter(({ fate }) => inTheEnd.has(fate)).at(-1)?.sequence ?? 0;
  return (all.at(-1)?.sequence ?? 0) + strays - survived;
}

/** In what ways the finding of `data-loss` differs from what was planted of a kind. */
export function compare(fate: PlantedFate, written: Written, finding: Judged): string[] {
  const { writes, cut, strays, updates = 0 } = written;
  const truth = plantedOf(fate, written) as readonly Write[];
  const details = finding.details as Details;
  const misses: string[] = [];
  const differs = (what: string, said: unknown, is: unknown): void => {
    if (JSON.stringify(said) === JSON.stringify(is)) return;
    const words = `${what} ${JSON.stringify(said)} instead of ${JSON.stringify(is)}`;
    misses.push(isMore(said, is) ? invented(words) : words);
  };
  const ops = (some: readonly Write[]): string[] => some.map(({ number }) => `planted:${number}`).sort();
  switch (fate) {
    case 'after the cut': {
      const { value, low, high } = measureOf(finding, 'loss.afterCut');
      if (truth.length < (low ?? 0) || truth.length > (high ?? 0)) misses.push(`${truth.length} is not within ${low}-${high}`);
      if ((value ?? -1) < (low ?? 0) || (value ?? 0) > (high ?? 0)) misses.push(`${value} is said to be within ${low}-${high}`);
      const surely = (side: 'before' | 'after') => writes.filter((write) => isLost(write) && (side === 'before' ? write.ended <= cut.low : write.started > cut.high)).map(({ number }) => `planted:${number}`);
      for (const side of ['before', 'after'] as const) {
        const wrong = details.writes.filter((write) => write.cut !== side && surely(side).includes(write.op));
        if (wrong.length > 0) misses.push(`${wrong.length} acked surely ${side} the cut, and not said to be`);
      }
      return misses;
    }
    case 'lost':
      differs('lost', details.writes.map(({ op }) => op).sort(), ops(truth));
      return [...misses, ...compareRpo(truth, cut, finding)];
    case 'stranded': case 'destroyed':
      differs(fate, details.writes.filter((write) => write.class === fate).map(({ op }) => op).sort(), ops(truth));
      return misses;
    case 'beyond a loss': differs(fate, details.beyondLoss, truth.length); return misses;
    case 'acked by both': return compareOverlap(writes, details);
    case 'acked alone': case 'acked alone, lost': {
      const { value, low, high } = measureOf(finding, fate === 'acked alone' ? 'loss.degraded' : 'loss.degraded.lost');
      return low !== null && high !== null && value !== null && low <= truth.length && truth.length <= high && low <= value && value <= high ? [] : [`${truth.length} acknowledged alone, and ${value} was said (${low}-${high})`];
    }
    case 'errant': {
      const stranded = writes.filter((write) => write.fate === 'stranded').length;
      const said = typeof details.errant === 'string' ? details.errant : { errant: details.errant.errant, stranded: details.errant.stranded, differs: details.errant.differs };
      const errant = errantIn(writes, strays + updates);
      differs(fate, said, { errant, stranded, differs: errant - stranded - updates });
      return misses;
    }
    case 'phantom': differs(fate, [...details.phantoms].sort(), ops(truth)); return misses;
    case 'refused': differs(fate, details.refused, truth.length); return misses;
    case 'kept': differs('acked', measureOf(finding, 'loss.acked').value, writes.filter(({ fate: one }) => acked.has(one)).length); return misses;
    default: differs(fate, measureOf(finding, `loss.${fate}`).value, truth.length); return misses;
  }
}

/** Whether all that is true was found, and more. */
function isMore(said: unknown, is: unknown): boolean {
  if (typeof said === 'number' && typeof is === 'number') return said > is;
  return Array.isArray(said) && Array.isArray(is) && is.every((one) => said.includes(one));
}

function compareOverlap(writes: readonly Write[], { splitBrain }: Details): string[] {
  const { inside, first } = overlapOf(writes);
  if (inside.length === 0 || !first) return splitBrain === null ? [] : [invented(`an overlap of ${splitBrain.value} s where there was none`)];
  if (splitBrain === null) return ['no overlap was found'];
  const truth = (Math.max(...inside.map(({ committed }) => committed)) - first.committed) / 1_000;
  const held = splitBrain.low - 0.001 <= truth && truth <= (splitBrain.high ?? Number.POSITIVE_INFINITY) + 0.001;
  return [...(held ? [] : [`an overlap of ${truth} s is not within ${splitBrain.low}-${splitBrain.high}`]), ...(splitBrain.ackedByOld === inside.length ? [] : [`${splitBrain.ackedByOld} acked by the old instead of ${inside.length}`])];
}

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
