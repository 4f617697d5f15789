import type { breakAndWatch } from '../../drill/break.ts';
import { regionOutage } from '../../faults/region-outage.ts';
import { replicationCut } from '../../faults/replication-cut.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import { primaryOf } from '../../topology.ts';
import type { Levers, Undo, World } from '../../world.ts';
import { bind, breakOn, planOf, type Broken } from './breaking.ts';

/** A lever that bites at once, some time after the pull has returned, in pieces of which the last is so late, or some time before it returns. */
const manners = ['at once', 'late', 'in pieces', 'slow to return'] as const;
/** From many sides, or only on the long way between two databases, where most looks are under way when it bites. */
const ways = ['black-hole', 'reject', 'crash', 'freeze', 'link'] as const;
/** The longest that a lever is late, well within the time that a proof may take (ms). */
const latestMs = 3_000;
/** How long a look may take, how far looks are apart, and how long one takes that is answered: far regions are 130 ms apart there and back, and it goes there and back twice (ms). */
const [lookMs, apartMs, answeredMs] = [1_000, 50, 300];

/** One lever whose bite is known to the moment: in what ways time zero was wrong, how far off its middle was, and how wide it was (ms). */
export interface Bitten { readonly misses: readonly string[]; readonly biasMs: number | null; readonly widthMs: number | null; readonly mostBiasMs: number; readonly mostWidthMs: number }

interface Truth { pulledAt: number; bitAt: number; returnedAt: number }

/** Pulls levers of the simulated world that bite a known time after the pull: time zero must hold that moment, and be no wider than looks and their spacing leave open. */
export async function plantBites(pull: typeof breakAndWatch, cases: number, seed: string): Promise<Bitten[]> {
  const random = makeRandom(`bites ${seed}`);
  const plans = await Promise.all(ways.map(async (how) => {
    const plan = await planOf('black-hole', []);
    const region = primaryOf(plan.topology).name;
    return { ...plan, faults: [how === 'link' ? bind('planted', replicationCut, { region }, 0, 500) : bind('planted', regionOutage, { region, how }, 0, 500)] };
  }));
  const found: Bitten[] = [];
  for (let index = 0; index < cases; index += 1) {
    const [manner, plan] = [manners[index % manners.length] as (typeof manners)[number], plans[index % plans.length] as (typeof plans)[number]];
    const truth: Truth = { pulledAt: Number.NaN, bitAt: Number.NaN, returnedAt: Number.NaN };
    const lateMs = manner === 'at once' ? 0 : random() * latestMs;
    const broken = await breakOn(pull, plan, `${seed} ${index}`, (world) => lateLevers(world, manner, lateMs, truth));
    found.push(compare(broken, truth));
  }
  return [...found, ...tooWide(found)];
}

/** Most looks are not under way when it bites: on average time zero ends with the next look that would have been answered, and not with one that hung until its time was up. */
function tooWide(found: readonly Bitten[]): Bitten[] {
  const hung = found.filter((_, index) => ['black-hole', 'link'].includes(ways[index % ways.length] ?? '')).flatMap(({ biasMs }) => biasMs ?? []);
  const meanMs = hung.reduce((sum, ms) => sum + ms, 0) / hung.length;
  return hung.length === 0 || meanMs <= 2 * apartMs + 2 * answeredMs ? [] : [{ misses: [`time zero ends ${meanMs.toFixed(0)} ms after it could be seen to bite, on average`], biasMs: null, widthMs: null, mostBiasMs: 0, mostWidthMs: 0 }];
}

function lateLevers(world: World, manner: (typeof manners)[number], lateMs: number, truth: Truth): Partial<Levers> {
  const { clock } = world;
  const levers = world.levers as Levers;
  const late = async (pull: () => Promise<Undo>, piece?: () => Promise<Undo>): Promise<Undo> => {
    truth.pulledAt = clock.now();
    if (manner === 'late' || manner === 'in pieces') {
      const first = manner === 'in pieces' ? await piece?.() : undefined;
      const pulling = clock.sleep(lateMs).then(() => bite(pull));
      truth.returnedAt = clock.now();
      return { record: { id: 'late', lever: 'cut', what: 'late', deadline: 0 }, heal: async () => { await (await pulling).heal(); await first?.heal(); } };
    }
    const undo = await bite(pull);
    if (manner === 'slow to return') await clock.sleep(lateMs);
    truth.returnedAt = clock.now();
    return undo;
  };
  // The levers of this world return at the moment at which they bite.
  const bite = (pull: () => Promise<Undo>): Promise<Undo> => pull().then((undo) => { truth.bitAt = clock.now(); return undo; });
  return { cut: (a, b, how, forMs) => late(() => levers.cut(a, b, how, forMs), b === 'rest' ? () => levers.cut(a, { place: 'outside' }, how, forMs) : undefined), kill: (...how) => late(() => levers.kill(...how)), freeze: (...how) => late(() => levers.freeze(...how)) };
}

function compare({ of, said }: Broken, { bitAt, returnedAt }: Truth): Bitten {
  const nothing = { biasMs: null, widthMs: null, mostBiasMs: 0, mostWidthMs: 0 };
  const [low, high] = [of('planted', 'injecting')?.at, of('planted', 'proven')?.bittenAt];
  if (low === undefined || high === undefined) return { ...nothing, misses: [`it bit, and that was not seen: ${said.flatMap(({ evidence }) => evidence).join('; ')}`] };
  // Nobody looks before the pull has returned: the last look that began before it bit may take its whole time, and the next begins then.
  const open = Math.max(bitAt, returnedAt);
  const misses: string[] = [];
  if (low > bitAt) misses.push(`time zero begins ${(low - bitAt).toFixed(0)} ms after it bit`);
  if (high < bitAt) misses.push(`time zero ends ${(bitAt - high).toFixed(1)} ms before it bit`);
  if (high > open + lookMs + apartMs + answeredMs) misses.push(`time zero ends ${(high - open).toFixed(0)} ms after it could be seen to bite`);
  return { misses, biasMs: high - open, widthMs: high - low, mostBiasMs: lookMs + apartMs + answeredMs, mostWidthMs: open - low + lookMs + apartMs + answeredMs };
}
