import type { dataLoss } from '../../checks/data-loss.ts';
import type { Details } from '../../checks/loss/details.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import { regions } from '../histories.ts';
import { invented } from '../miss.ts';
import { askLosses } from './asked.ts';
import { compareRpo, compareSides, compareSpan } from './cuts.ts';
import { compareAlone, compareCounted, compareDegraded, compareSpells } from './degraded.ts';
import { measureOf, outside, type Judged } from './judged.ts';
import { isAlone } from './state.ts';
import { compareTold } from './told.ts';
import { askUnread } from './unread.ts';
import { acked, committedIn, drawWrites, endOf, inTheEnd, isLost, rowsInTheEnd, writesStory, type Write, type Written } from './writes.ts';

/** What is planted, in the words of the ledger; each becomes a row. */
export const plantedFates = ['lost', 'stranded', 'destroyed', 'recovered', 'unresolved', 'duplicated', 'stale', 'phantom', 'after the cut', 'refused', 'kept', 'beyond a loss', 'acked by both', 'errant', 'acked alone', 'acked alone, lost'] as const;
export type PlantedFate = (typeof plantedFates)[number];

/** How often something of a kind was planted, and in how many histories it was not found as it was. `ruled`: objectives that were asked of them. */
export interface Found { readonly mode: PlantedFate | 'ruled'; readonly planted: number; readonly misses: readonly string[] }

/** Plants lost, recovered, duplicated, stale, phantom and after-the-cut writes in random histories and has them judged by `check`: all must be found, and nothing else, and every objective ruled on as the truth demands. */
export function plantLosses(check: typeof dataLoss, histories: number, seed: string): Found[] {
  const random = makeRandom(`losses ${seed}`);
  const planted = new Map<PlantedFate, number>(plantedFates.map((fate) => [fate, 0]));
  const misses = new Map<PlantedFate, string[]>(plantedFates.map((fate) => [fate, []]));
  const ruled = { mode: 'ruled' as const, planted: 0, misses: [] as string[] };
  for (let index = 0; index < histories; index += 1) {
    const written = drawWrites(random);
    const history = writesStory(written, random);
    const finding = check.judge(history, {});
    for (const fate of plantedFates) {
      planted.set(fate, (planted.get(fate) ?? 0) + plantedOf(fate, written).length);
      misses.get(fate)?.push(...compare(fate, written, finding).map((miss) => `history ${index}: ${miss}`));
    }
    for (const asked of [askLosses(check, written, history, random), askUnread(check, written, history)]) {
      ruled.planted += asked.planted;
      ruled.misses.push(...asked.misses.map((miss) => `history ${index}: ${miss}`));
    }
  }
  return [...plantedFates.map((mode) => ({ mode, planted: planted.get(mode) ?? 0, misses: misses.get(mode) ?? [] })), ruled];
}

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

/** The last transaction of the old server that the new one has. */
function survivedIn(writes: readonly Write[]): number {
  return writes.findLast(({ server, sequence, fate }) => server === '1' && sequence > 0 && inTheEnd.has(fate))?.sequence ?? 0;
}

/** Transactions of the old server beyond the last of its own that the new one has. */
function errantIn(writes: readonly Write[], strays: number): number {
  const last = writes.findLast(({ server, sequence }) => server === '1' && sequence > 0)?.sequence ?? 0;
  return last + strays - survivedIn(writes);
}

/** In what ways the finding of `data-loss` differs from what was planted of a kind. */
export function compare(fate: PlantedFate, written: Written, finding: Judged): string[] {
  const { writes, cut, strays, updates = 0, alone, modelled } = written;
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
      misses.push(...compareSides(writes, cut, finding), ...compareSpan(writes, cut, finding));
      const surely = (side: 'before' | 'after') => writes.filter((write) => isLost(write) && (side === 'before' ? write.ended <= cut.low : write.started > cut.high)).map(({ number }) => `planted:${number}`);
      for (const side of ['before', 'after'] as const) {
        const wrong = details.writes.filter((write) => write.cut !== side && surely(side).includes(write.op));
        if (wrong.length > 0) misses.push(`${wrong.length} acked surely ${side} the cut, and not said to be`);
      }
      return misses;
    }
    case 'lost':
      differs('lost', details.writes.map(({ op }) => op).sort(), ops(truth));
      return [...misses, ...compareTold(written, finding), ...compareRpo(writes, cut, finding)];
    case 'stranded': case 'destroyed':
      differs(fate, details.writes.filter((write) => write.class === fate).map(({ op }) => op).sort(), ops(truth));
      differs(`${fate}, counted`, measureOf(finding, `loss.${fate}`).value, truth.length);
      return misses;
    case 'beyond a loss': differs(fate, details.beyondLoss, truth.length); return misses;
    case 'acked by both': return compareOverlap(writes, details);
    case 'acked alone': case 'acked alone, lost': {
      if (alone && !modelled) return [];
      const could = writes.filter(fate === 'acked alone' ? (write) => acked.has(write.fate) : isLost);
      const state = { alone, dies: modelled?.dies ?? null };
      const said = measureOf(finding, fate === 'acked alone' ? 'loss.degraded' : 'loss.degraded.lost');
      const committed = committedIn(writes).map((write) => ({ ...write, acked: acked.has(write.fate) }));
      misses.push(...compareAlone(truth.length, could, state, said), ...(modelled?.grouped === false ? compareCounted(committed, state, said, fate === 'acked alone') : []));
      if (fate === 'acked alone') misses.push(...compareDegraded(truth.length, endOf(writes), state, measureOf(finding, 'loss.degraded.span')), ...compareSpells(committed, endOf(writes), modelled?.grouped ?? false, state, details.degraded));
      return misses;
    }
    case 'errant': {
      const stranded = writes.filter((write) => write.fate === 'stranded');
      const onOld = writes.filter((write) => write.onOld).length;
      const errant = errantIn(writes, strays + updates);
      const told = typeof details.errant === 'string' ? null : details.errant;
      differs(fate, told && { errant: told.errant, stranded: told.stranded, differs: told.differs }, { errant, stranded: stranded.length, differs: errant - stranded.length - updates - onOld });
      const survived = survivedIn(writes);
      if (modelled) differs('explained by', told && [told.strandedInErrant, told.indeterminateOnOld, told.updates], [stranded.filter(({ server, sequence }) => server === '1' && sequence > survived).length, onOld, updates]);
      return misses;
    }
    case 'phantom':
      differs(fate, [...details.phantoms].sort(), ops(truth));
      differs('phantom, counted', measureOf(finding, 'loss.phantom').value, truth.length);
      return misses;
    case 'refused': differs(fate, details.refused, truth.length); return misses;
    case 'kept': {
      differs('acked', measureOf(finding, 'loss.acked').value, writes.filter(({ fate: one }) => acked.has(one)).length);
      differs('indeterminate', measureOf(finding, 'loss.indeterminate').value, writes.filter(({ fate: one }) => one === 'recovered' || one === 'unresolved').length);
      if (!modelled) return misses;
      const { serving, other } = rowsInTheEnd(written);
      const [authority, region] = modelled.back ? [regions.old, regions.taking] : [regions.taking, regions.old];
      differs('serving in the end', details.authority, authority);
      differs('copies that are the same', details.copies.map((copy) => [copy.region, copy.same]), [[region, serving.length === other.length]]);
      return misses;
    }
    case 'stale': {
      differs(fate, measureOf(finding, 'loss.stale').value, truth.length);
      if (modelled) differs('late', details.stale.late, lateOf(truth, modelled.reads));
      if (modelled) differs('reads', details.stale.reads, modelled.reads.length);
      return misses;
    }
    default: differs(fate, measureOf(finding, `loss.${fate}`).value, truth.length); return misses;
  }
}

/** How long after their acks stale writes were missed for the last time: the last of all reads missed each. Seconds; a twentieth of them needs twenty. */
function lateOf(stale: readonly Write[], reads: readonly number[]): { readonly p50: number | null; readonly p95: number | null; readonly max: number | null } {
  const late = stale.map(({ ended }) => (reads.at(-1) ?? 0) - ended).sort((a, b) => a - b);
  const at = (share: number) => (late.length === 0 ? null : Math.round(late[Math.ceil(share * late.length) - 1] ?? 0) / 1_000);
  return { p50: at(0.5), p95: late.length < 20 ? null : at(0.95), max: at(1) };
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
  const last = inside.reduce((latest, write) => (write.ended > latest.ended ? write : latest));
  // Either end lies somewhere in one look.
  const misses = outside(`an overlap of ${truth} s`, truth, splitBrain, (last.ended - last.started + first.ended - first.started) / 1_000);
  return [...misses, ...(splitBrain.ackedByOld === inside.length ? [] : [`${splitBrain.ackedByOld} acked by the old instead of ${inside.length}`])];
}
