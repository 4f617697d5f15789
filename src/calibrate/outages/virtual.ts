import type { Clock } from '../../clock.ts';
import type { Sample } from '../../history.ts';
import { http } from '../../probes/http.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import { makeVirtualClock } from '../../providers/sim/clock.ts';
import type { tick } from '../../ticker.ts';
import { holdAgainst, type Case, type Expected, type Instrument, type Planted } from './held.ts';
import { drawLengthMs, longestMs } from './lengths.ts';
import { modelled, type Out, type TargetMode } from '../names/modelled.ts';

interface Mode { readonly target: TargetMode; readonly expected?: Expected; readonly shape?: 'blip' | 'flap'; readonly lateLooks?: true }

/** What is planted in virtual time: what a modelled target does while it is out, whether it goes once, shortly, or to and fro, and whether looks begin late. */
export const virtualModes = {
  silent: { target: 'silent' },
  refused: { target: 'refused' },
  503: { target: '503' },
  reset: { target: 'reset' },
  'answers slowly': { target: 'slow' },
  'accepts and hangs': { target: 'hangs' },
  'refused, then silent': { target: 'refused, then silent' },
  'blip, refused': { target: 'refused', shape: 'blip', expected: 'found or hidden' },
  'blip, silent': { target: 'silent', shape: 'blip', expected: 'found or hidden' },
  'flaps, refused': { target: 'refused', shape: 'flap' },
  'brown-out': { target: 'brown', expected: 'nothing' },
  'refused, late looks': { target: 'refused', lateLooks: true },
  'silent, late looks': { target: 'silent', lateLooks: true },
} as const satisfies Readonly<Record<string, Mode>>;
export type VirtualMode = `${keyof typeof virtualModes}`;
export const virtualModeNames = Object.keys(virtualModes) as VirtualMode[];

/** The longest a look begins late where looks do (share of an interval): beyond one the tick is missed. */
const latest = 0.5;
const instruments = [[250, 250], [100, 100], [250, 2_000], [20, 1_000]].map(([everyMs = 0, timeoutMs = 0]): Instrument => ({ everyMs, timeoutMs, stableMs: 1_000 }));

interface Plan { readonly planted: readonly Planted[]; readonly out: readonly Out[] }

/** Plants outages of one mode in virtual time and measures them with `ticker` and the http probe; the truth is exact. Intervals and timeouts vary, some looks overlap; none is longer than `mostMs`. */
export async function plantVirtual(ticker: typeof tick, name: VirtualMode, count: number, seed: string, mostMs: number = longestMs): Promise<Case[]> {
  const random = makeRandom(`${seed} ${name}`);
  const cases: Case[] = [];
  for (const [index, instrument] of instruments.entries()) {
    const share = Math.ceil((count * (index + 1)) / instruments.length) - Math.ceil((count * index) / instruments.length);
    cases.push(...await measure(ticker, virtualModes[name], plan(name, share, instrument, random, mostMs), instrument, random));
  }
  return cases;
}

function plan(name: VirtualMode, count: number, instrument: Instrument, random: () => number, mostMs: number): Plan {
  const { shape }: Mode = virtualModes[name];
  const { everyMs, timeoutMs, stableMs } = instrument;
  const planted: Planted[] = [];
  const out: Out[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    at += 3 * stableMs + 3 * timeoutMs + random() * 10 * everyMs;
    const from = at;
    const parts = shape === 'flap' ? 2 + Math.floor(random() * 3) : 1;
    for (let part = 0; part < parts; part += 1) {
      // Up again for less than counts as back.
      if (part > 0) at += (0.1 + 0.5 * random()) * stableMs;
      const lengthMs = shape === 'blip' ? everyMs * (0.05 + random()) : Math.max(drawLengthMs(random, mostMs), 2 * everyMs + timeoutMs);
      out.push({ from: at, to: at + lengthMs });
      at += lengthMs;
    }
    planted.push({ mode: name, from: { low: from, high: from }, to: { low: at, high: at } });
  }
  return { planted, out };
}

async function measure(ticker: typeof tick, mode: Mode, { planted, out }: Plan, instrument: Instrument, random: () => number): Promise<Case[]> {
  const clock = makeVirtualClock();
  const samples: Sample<'http'>[] = [];
  const look = http.open(modelled(clock.inside, mode.target, out, instrument, random), http.params.parse({}), { name: 'planted', place: 'outside' });
  const end = new AbortController();
  const late = (): number => (mode.lateLooks ? random() * latest * instrument.everyMs : 0);
  const ticking: Clock = { now: clock.outside.now, sleep: (ms, signal) => clock.outside.sleep(ms + late(), signal) };
  const landed = ticker(ticking, { name: 'planted', place: 'outside', ...instrument, says: 'http' }, look, (sample) => samples.push(sample), end.signal);
  await clock.outside.sleep((planted.at(-1)?.to.high ?? 0) + 3 * (instrument.stableMs + instrument.timeoutMs));
  end.abort();
  await landed;
  clock.stop();
  return holdAgainst(planted, samples, { ...instrument, lingering: mode.target.includes('silent') }, mode.expected);
}
