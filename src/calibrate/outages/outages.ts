import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { connectAgent } from '../../agent/link.ts';
import { realClock } from '../../clock.ts';
import type { Entry, Sample } from '../../history.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import type { BoundProbe } from '../../world.ts';
import { startOurs } from '../leaving.ts';
import { accountOf, sayMiss, stalledFor, stoodStill, vague } from './disturbed.ts';
import { holdAgainst, type Case, type Instrument, type Planted } from './held.ts';
import { drawLengthMs, longestMs } from './lengths.ts';
import { expectedOf, lingers, openTargets, type RealMode, type Target } from './out.ts';

/** How much is planted for real: `cases` a mode, on `targets` servers a mode at once, none longer than `mostMs`; `busy`: while every CPU has something else to do. */
export interface RealPlan { readonly modes: readonly RealMode[]; readonly busy?: boolean; readonly cases: number; readonly targets: number; readonly mostMs?: number; readonly seed: string }

/** What came of it. `disturbed`: the modes of cases left out because the instrument itself was late then, by its own account and whatever it had measured. */
export interface RealCases { readonly cases: readonly RealCase[]; readonly disturbed: readonly { readonly mode: RealMode; readonly connections: Connections }[] }
export type RealCase = Case & { readonly connections: Connections };
/** Whether looks open a connection each or keep them. */
export type Connections = 'new' | 'reused';

const stableMs = 500;
/** No longer are the parts of flaps, and brown-outs (ms). */
const shapedMostMs = 5_000;
/** So near a case (ms) the agent must have seen everything. */
const aroundMs = 3_000;
/** How late an answer is in a brown-out, as a share of what a look waits: in time. */
const lateShare = 0.3;
/** How long an agent warms up before anything is planted: past its first account of itself, in which it was just starting (ms). */
const warmUpMs = 5_500;
/** Looks on different servers run at different intervals; some overlap. */
const rhythms = [[100, 100], [150, 150], [250, 250], [100, 500]] as const;

interface Stand { readonly target: Target; readonly connections: Connections; readonly probe: BoundProbe; readonly instrument: Instrument; readonly planted: Planted[] }

/** How often it is said how far it is (ms). */
const sayEveryMs = 15_000;

/** Takes real servers away for random times at random phases while a real agent looks at them, and holds what it measured against the truth. `say` hears how many are planted by now. */
export async function plantReal(plan: RealPlan, say: (line: string) => void = () => {}): Promise<RealCases> {
  const random = makeRandom(plan.seed);
  const targets = await openTargets(plan.modes, plan.targets, random);
  const stands = targets.all.map((target, index): Stand => {
    const [everyMs, timeoutMs] = rhythms[(index >> 1) % rhythms.length] as (typeof rhythms)[number];
    const connections = index % 2 === 0 ? 'new' : 'reused';
    const params = { path: '/', connections, target: { place: `target-${index}`, part: 'app' } };
    return { target, connections, planted: [], instrument: { everyMs, timeoutMs, stableMs, lingering: lingers(target.mode) }, probe: { name: `target-${index}`, kind: 'http', place: 'outside', everyMs, timeoutMs, params } };
  });
  const burners = plan.busy ? cpus().map(() => startOurs([process.execPath, '-e', 'for (;;);'])) : [];
  try {
    const { entries, zeroMs } = await watch(stands, async (clock) => {
      const stock = makeStock(stands, plan.cases, () => drawLengthMs(random, plan.mostMs ?? longestMs));
      const wanted = stock.left();
      const telling = setInterval(() => say(`${plan.modes.join(', ')}${plan.busy ? ', CPUs busy' : ''}: ${wanted - stock.left()} of ${wanted} planted after ${Math.round(clock.now() / 1_000)} s`), sayEveryMs);
      try { await Promise.all(stands.map((stand) => plant(stand, () => stock.take(stand), clock, random))); } finally { clearInterval(telling); }
    });
    return hold(stands, entries, zeroMs, say);
  } finally {
    for (const burner of burners) burner.kill('SIGKILL');
    await targets.close();
  }
}

async function watch(stands: readonly Stand[], during: (clock: ReturnType<typeof realClock>) => Promise<void>): Promise<{ readonly entries: readonly Entry[]; readonly zeroMs: number }> {
  const clock = realClock();
  const entries: Entry[] = [];
  const parts = Object.fromEntries(stands.map(({ target }, index) => [`target-${index}/app`, `127.0.0.1:${target.port}`]));
  const atlas = { service: '', servicePort: 1, parts, nameservers: {}, from: '127.0.0.1', database: { user: '', password: '', schema: '' } };
  const running = startOurs([process.execPath, '--disable-warning=ExperimentalWarning', fileURLToPath(new URL('../../agent/main.ts', import.meta.url))]);
  const agent = connectAgent(running, { clock, place: 'outside', atlas }, (entry) => entries.push(entry));
  try {
    await agent.start(stands.map(({ probe }) => probe));
    await clock.sleep(warmUpMs);
    await during(clock);
    await clock.sleep(2 * stableMs);
    await agent.stop();
  } finally {
    await agent.close();
  }
  return { entries, zeroMs: clock.originMs };
}

/** What is left to plant, by mode and connections, as lengths (ms): whichever server is free takes the longest, so that at the end nobody waits for a long one. */
function makeStock(stands: readonly Stand[], casesAMode: number, draw: () => number): { left(): number; take(stand: Stand): number | null } {
  const keyOf = ({ target, connections }: Stand) => `${target.mode} ${connections}`;
  const stock = new Map(stands.map((stand) => [keyOf(stand), [] as number[]]));
  for (const [key, lengths] of stock) {
    const count = Math.ceil((casesAMode * stands.filter((stand) => keyOf(stand) === key).length) / stands.filter(({ target }) => key.startsWith(`${target.mode} `)).length);
    lengths.push(...Array.from({ length: count }, draw).sort((a, b) => a - b));
  }
  return { left: () => [...stock.values()].reduce((sum, lengths) => sum + lengths.length, 0), take: (stand) => stock.get(keyOf(stand))?.pop() ?? null };
}

async function plant({ target, instrument, planted }: Stand, take: () => number | null, clock: ReturnType<typeof realClock>, random: () => number): Promise<void> {
  const { everyMs, timeoutMs } = instrument;
  const since = (span: Planted['from']): Planted['from'] => ({ low: span.low - clock.originMs, high: span.high - clock.originMs });
  for (let lengthMs = take(); lengthMs !== null; lengthMs = take()) {
    await clock.sleep(3 * stableMs + timeoutMs + random() * 5 * everyMs);
    const { from, to } = await trouble({ target, instrument }, lengthMs, clock, random);
    planted.push({ mode: target.mode, from: since(from), to: since(to) });
  }
}

/** One time of trouble, in the shape that the target is for; between which readings of the host's clock it began and ended. */
async function trouble({ target, instrument }: Pick<Stand, 'target' | 'instrument'>, lengthMs: number, clock: ReturnType<typeof realClock>, random: () => number): Promise<Pick<Planted, 'from' | 'to'>> {
  const { everyMs, timeoutMs } = instrument;
  const [blip, flaps] = [target.mode === 'blips', target.mode === 'flaps'];
  const from = await target.takeAway(lateShare * timeoutMs);
  for (let more = flaps ? 1 + Math.floor(random() * 3) : 0; more > 0; more -= 1) {
    await clock.sleep(seenMs(instrument, random) + Math.min(shapedMostMs, lengthMs));
    await target.bringBack();
    await clock.sleep((0.1 + 0.4 * random()) * (stableMs - everyMs)); // for less than counts as back
    await target.takeAway();
  }
  await clock.sleep(blip ? everyMs * (0.05 + random()) : flaps ? seenMs(instrument, random) : target.mode === 'brown-outs' ? Math.min(shapedMostMs, lengthMs) : lengthMs);
  return { from, to: await target.bringBack() };
}

/** What of flaps some look is sure to see (ms): they would be known as shorter otherwise than they are. */
const seenMs = ({ everyMs, timeoutMs }: Instrument, random: () => number): number => 2 * everyMs + timeoutMs + random() * everyMs;

function hold(stands: readonly Stand[], entries: readonly Entry[], zeroMs: number, say: (line: string) => void): RealCases {
  const blind = entries.filter((entry) => entry.kind === 'blind');
  const account = accountOf(entries);
  const seen = Map.groupBy(entries.filter((entry): entry is Sample<'http'> => entry.kind === 'sample' && entry.started > warmUpMs), ({ probe }) => probe);
  const all = stands.flatMap(({ target, connections, probe, planted, instrument }) => {
    const samples = seen.get(probe.name) ?? [];
    // Looks that begin late are recorded so, and may widen what is said; what is left out is only what could have made a good look bad: the agent and the target
    // stood still for about as long, together, as a look may take.
    const spoiled = ({ planted: truth }: Case): boolean => stalledFor(account, truth, instrument) + stoodStill(target, truth, instrument, zeroMs) >= 0.9 * instrument.timeoutMs;
    return holdAgainst(planted, samples, { ...instrument, zeroMs }, expectedOf(target.mode)).map((one) => ({
      one: { ...one, connections }, mode: target.mode, said: () => sayMiss(one, connections, samples, target, instrument, account, zeroMs), late: blind.some(({ from, to }) => from < one.planted.to.high + aroundMs && to > one.planted.from.low - aroundMs) || spoiled(one) || vague(one.planted),
    }));
  });
  for (const { one, late, said } of all) if (one.misses.length > 0 && !late) say(said());
  return { cases: all.filter(({ late }) => !late).map(({ one }) => one), disturbed: all.filter(({ late }) => late).map(({ one, mode }) => ({ mode, connections: one.connections })) };
}
