import { catalogue } from '../../catalogue.ts';
import type { breakAndWatch, Held } from '../../drill/break.ts';
import type { Stage } from '../../drill/stage.ts';
import type { Fault } from '../../fault.ts';
import type { Entry, FaultEntry, FaultState } from '../../history.ts';
import { planFile, type BoundFault, type Plan } from '../../plan.ts';
import { simulation } from '../../providers/sim/provider.ts';
import type { Levers, World } from '../../world.ts';

/** Long enough for every program of the simulated world to have started (ms). */
const settledMs = 3_000;

/** What a drill says of its faults, without anybody who watches the system: only the pulls, their proofs and their heals. */
export interface Broken { readonly said: readonly FaultEntry[]; of(name: string, state: FaultState): FaultEntry | undefined }

/** A fault, when it is pulled and for how long it is held (ms). */
export function bind(name: string, fault: Fault<any, any>, given: unknown, atMs: number, forMs: number): BoundFault {
  return { name, fault, params: fault.params.parse(given), place: null, atMs, until: forMs, atMostMs: forMs };
}

/** The plan of a shipped scenario on the simulated world, with faults of its own. */
export async function planOf(scenario: string, faults: readonly BoundFault[]): Promise<Plan> {
  return { ...await planFile(scenario, catalogue, simulation('breaking')), faults, impact: null };
}

/** Pulls the faults of a plan on a simulated world whose levers are `levers` of its own. */
export async function breakOn(pull: typeof breakAndWatch, plan: Plan, seed: string, levers: (world: World) => Partial<Levers>): Promise<Broken> {
  const interrupt = new AbortController().signal;
  await using world = await simulation(seed).open(plan.topology, { id: 'planted', dir: '', endsWithinMs: plan.endsWithinMs }, () => {}, interrupt);
  const entries: Entry[] = [];
  const addresses = Object.fromEntries(plan.topology.regions.map(({ name }) => [name, world.addressOf(name)]));
  const used = Object.create(world, { levers: { value: { ...world.levers, ...levers(world) } } }) as World;
  const stage = { world: used, run: { topology: plan.topology, addresses }, record: { entries, add: (entry: Entry) => { entries.push(entry); } }, interrupt } as unknown as Stage;
  await world.clock.sleep(settledMs);
  const held: Held[] = [];
  await pull(plan, stage, held, () => true);
  const said = entries.filter((entry) => entry.kind === 'fault');
  return { said, of: (name, state) => said.find((entry) => entry.name === name && entry.state === state) };
}
