import { catalogue } from '../../catalogue.ts';
import { describeRun } from '../../drill/describe-run.ts';
import type { drill } from '../../drill.ts';
import { fingerprint } from '../../fingerprint.ts';
import type { History } from '../../history.ts';
import { judge } from '../../judge.ts';
import { planFile, type Plan } from '../../plan.ts';
import { simulation } from '../../providers/sim/provider.ts';
import { openRecord } from '../../record.ts';
import type { Levers, Provider, Senses, Undo, World } from '../../world.ts';
import { openScratch } from '../leaving.ts';

/** A fault that does nothing, or not what it says: how it comes about, and what the verdict must say. */
export interface Dud { readonly says: RegExp; levers(levers: Levers): Partial<Levers>; before?(world: World, plan: Plan): Promise<unknown> }

/** Longer than any drill that is planted (ms). */
const longMs = 3_600_000;

const noUndo: Undo = { record: { id: 'dud', lever: 'cut', what: 'nothing', deadline: 0 }, heal: async () => {} };

/** Ways for a fault to be no fault. */
export const duds = {
  'a rule on the wrong interface': { says: /was not seen to bite: .*expected/, levers: () => ({ cut: async () => noUndo }) },
  'a rule after an accept': { says: /was not seen to bite: .*expected/, levers: ({ cut }) => ({ cut: (a, _b, how, forMs) => cut(a, { place: 'outside' }, how, forMs) }) },
  'a kill for a black hole': { says: /was not seen to bite: .*expected/, levers: ({ kill }) => ({ cut: (a, _b, _how, forMs) => kill(a === 'rest' ? 'outside' : a.place, 'database', forMs) }) },
  'what is dead already': { says: /not as it should be before anything was broken/, levers: ({ cut }) => ({ cut }), before: (world, plan) => (world.levers as Levers).kill(primary(plan), 'app', longMs) },
  'a heal that heals nothing': { says: /was healed, and nobody saw it gone/, levers: ({ cut }) => ({ cut: async (a, b, how) => ({ ...await cut(a, b, how, longMs), heal: async () => {} }) }) },
} as const satisfies Readonly<Record<string, Dud>>;
export type DudName = keyof typeof duds;

const primary = (plan: Plan): string => plan.topology.regions.find(({ role }) => role === 'primary')?.name ?? '';

/** One drill whose fault was none: in what ways the verdict was wrong. */
export interface Dudded { readonly dud: DudName; readonly misses: readonly string[] }

/** Drills on the simulated world with faults that do nothing: each must end inconclusive, and say why. */
export async function plantDuds(run: typeof drill, seeds: readonly string[]): Promise<Dudded[]> {
  const found: Dudded[] = [];
  for (const [name, dud] of Object.entries(duds) as [DudName, Dud][]) {
    for (const seed of seeds) found.push({ dud: name, misses: judgeDud(dud, await drillWith(run, 'smoke', `${seed} ${name}`, dud)) });
  }
  return found;
}

/** In what ways the verdict is not the one that such a fault must have. */
export function judgeDud({ says }: Pick<Dud, 'says'>, { plan, history }: Drilled): string[] {
  const { ruling, because } = judge(plan.checks, history);
  if (ruling !== 'inconclusive') return [`ruled ${ruling}: ${because}`];
  return says.test(because) ? [] : [`inconclusive for another reason: ${because}`];
}

/** A drill that was run, and its history. */
export interface Drilled { readonly plan: Plan; readonly history: History }

/** Runs a shipped scenario, on the simulated world unless another is given; with other levers and a world prepared where asked. */
export async function drillWith(run: typeof drill, scenario: string, seed: string, dud?: Dud, provider: Provider = simulation(seed)): Promise<Drilled> {
  const { dir, remove } = await openScratch('calibrate');
  try {
    const plan = await planFile(scenario, catalogue, provider);
    const interrupt = new AbortController().signal;
    await using world = await provider.open(plan.topology, { id: 'planted', dir, endsWithinMs: plan.endsWithinMs }, () => {}, interrupt);
    const used = dud ? withLevers(world, dud, plan) : world;
    const description = describeRun(plan, world, { id: 'planted', startedAt: '', fingerprint: fingerprint(plan, world.about) });
    const record = await openRecord(dir, () => {});
    const history = await run(plan, { world: used, run: description, record, interrupt });
    await record.close();
    return { plan, history };
  } finally {
    await remove();
  }
}

/** The world with the levers of a dud; it is prepared at the end of the baseline, just before the first look of a proof. */
function withLevers(world: World, dud: Dud, plan: Plan): World {
  const levers = { ...world.levers, ...dud.levers(world.levers as Levers) };
  let prepared: Promise<unknown> | null = null;
  const from: World['from'] = (place) => {
    const senses = world.from(place) as Senses;
    return { ...senses, reach: async (...how: Parameters<Senses['reach']>) => { await (prepared ??= dud.before?.(world, plan) ?? Promise.resolve()); return senses.reach(...how); } };
  };
  return Object.create(world, { levers: { value: levers }, ...(dud.before ? { from: { value: from } } : {}) }) as World;
}
