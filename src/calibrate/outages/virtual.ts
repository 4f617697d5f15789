import type { Clock } from '../../clock.ts';
import type { Sample } from '../../history.ts';
import { http } from '../../probes/http.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import { makeVirtualClock } from '../../providers/sim/clock.ts';
import type { tick } from '../../ticker.ts';
import { holdAgainst, type Case, type Expected, type Instrument, type Planted } from './held.ts';
import { drawLengthMs, longestMs, shortestMs } from './lengths.ts';
import { holeMs } from '../../judge/looks.ts';
import { holdOpen, holdUnseen } from './open.ts';
import { hopMs, modelled, slowest, type Out, type TargetMode } from '../names/modelled.ts';

interface Mode { readonly target: TargetMode; readonly expected?: Expected; readonly shape?: 'blip' | 'short' | 'flap' | 'for good' | 'from the start' | 'twice'; readonly lateLooks?: true }

/**
 * What is planted in virtual time: what a modelled target does while it is out, and whether looks begin late. It goes once, for less than an interval or so, for so
 * short a time that a look may or may not fail, to and fro, for good, was out before anybody looked, or was out twice, and nobody looked in between.
 */
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
  'short, refused': { target: 'refused', shape: 'short', expected: 'found or hidden' },
  'short, silent': { target: 'silent', shape: 'short', expected: 'found or hidden' },
  'short, sent again': { target: 'resent', shape: 'short', expected: 'found or hidden' },
  'flaps, refused': { target: 'refused', shape: 'flap' },
  'brown-out': { target: 'brown', expected: 'nothing' },
  'refused, late looks': { target: 'refused', lateLooks: true },
  'silent, late looks': { target: 'silent', lateLooks: true },
  'refused, for good': { target: 'refused', shape: 'for good' },
  'silent, for good': { target: 'silent', shape: 'for good' },
  'refused, from the start': { target: 'refused', shape: 'from the start' },
  'refused twice, unseen between': { target: 'refused', shape: 'twice' },
} as const satisfies Readonly<Record<string, Mode>>;
export type VirtualMode = `${keyof typeof virtualModes}`;
export const virtualModeNames = Object.keys(virtualModes) as VirtualMode[];

/** The longest a look begins late where looks do (share of an interval): beyond one the tick is missed. */
const latest = 0.5;
const instruments = [[250, 250], [100, 100], [250, 2_000], [20, 1_000]].map(([everyMs = 0, timeoutMs = 0]): Instrument => ({ everyMs, timeoutMs, stableMs: 1_000 }));

/** Whether looks that knock while it is out wait, and are answered when it is back. */
const waits = (target: TargetMode): boolean => target === 'silent' || target === 'resent' || target === 'refused, then silent';

/** An end that is never reached (ms). */
const never = 1e9;

interface Plan { readonly planted: readonly Planted[]; readonly out: readonly Out[] }

/** Plants outages of one mode in virtual time and measures them with `ticker` and the http probe; the truth is exact. Intervals and timeouts vary, some looks overlap; none is longer than `mostMs`. */
export async function plantVirtual(ticker: typeof tick, name: VirtualMode, count: number, seed: string, mostMs: number = longestMs): Promise<Case[]> {
  const random = makeRandom(`${seed} ${name}`);
  const cases: Case[] = [];
  for (const [index, instrument] of instruments.entries()) {
    const share = Math.ceil((count * (index + 1)) / instruments.length) - Math.ceil((count * index) / instruments.length);
    cases.push(...await measure(ticker, name, share, instrument, random, mostMs));
  }
  return cases;
}

async function measure(ticker: typeof tick, name: VirtualMode, count: number, instrument: Instrument, random: () => number, mostMs: number): Promise<Case[]> {
  const mode: Mode = virtualModes[name];
  const held = { ...instrument, lingering: waits(mode.target) };
  if (mode.shape === 'for good' || mode.shape === 'from the start') {
    const cases: Case[] = [];
    while (cases.length < count) cases.push(await measureOpen(ticker, name, instrument, random, mostMs));
    return cases;
  }
  if (mode.shape === 'twice') {
    const cases: Case[] = [];
    while (cases.length < count) cases.push(await measureTwice(ticker, name, instrument, random, mostMs));
    return cases;
  }
  const { planted, out } = plan(name, count, instrument, random, mostMs);
  const samples = await watch(ticker, mode, out, (planted.at(-1)?.to.high ?? 0) + 3 * (instrument.stableMs + instrument.timeoutMs), instrument, random);
  return holdAgainst(planted, samples, held, mode.expected).map((one) => pointed(sureOf(one, mode, instrument), mode, instrument));
}

/** One outage that had begun before anybody looked, or that lasts beyond the last look. */
async function measureOpen(ticker: typeof tick, name: VirtualMode, instrument: Instrument, random: () => number, mostMs: number): Promise<Case> {
  const mode: Mode = virtualModes[name];
  const { stableMs, everyMs } = instrument;
  const lengthMs = drawSurely(mode, instrument, random, mostMs);
  const began = 3 * stableMs + random() * 10 * everyMs;
  const out = mode.shape === 'for good' ? { from: began, to: never } : { from: -1, to: lengthMs };
  const untilMs = mode.shape === 'for good' ? began + lengthMs : lengthMs + 3 * stableMs;
  const samples = await watch(ticker, mode, [out], untilMs, instrument, random);
  return holdOpen({ mode: name, from: { low: out.from, high: out.from }, to: { low: out.to, high: out.to } }, samples, instrument, untilMs);
}

/** Two outages with a time in between in which it was back for long enough to count, and of which hardly a look is left: the first and the last of it may have been made. */
async function measureTwice(ticker: typeof tick, name: VirtualMode, instrument: Instrument, random: () => number, mostMs: number): Promise<Case> {
  const mode: Mode = virtualModes[name];
  const { stableMs, everyMs } = instrument;
  const piece = (): number => 4 * everyMs + drawSurely(mode, instrument, random, mostMs);
  const began = 3 * stableMs + random() * 10 * everyMs;
  const back = began + piece();
  const again = back + holeMs(everyMs) + (2 + random()) * stableMs;
  const ended = again + piece();
  const samples = await watch(ticker, mode, [{ from: began, to: back }, { from: again, to: ended }], ended + 3 * stableMs, instrument, random);
  const few = (random() - 0.5) * stableMs; // so much of either end of that time is seen, or of the outages is not
  const seen = samples.filter(({ started }) => started < back + few || started > again - few);
  const span = (at: number): Planted['from'] => ({ low: at, high: at });
  return holdUnseen([{ mode: name, from: span(began), to: span(back) }, { mode: name, from: span(again), to: span(ended) }], Math.max(0, -few), seen, instrument);
}

/**
 * An outage that is longer than this (ms) makes a look fail: one reaches the target within an interval of its beginning, and where it is held until the path is back,
 * its time is up before that only if a whole timeout is left. A look that begins late comes later, and so does the end of its time.
 */
function surelyMs({ target, lateLooks }: Mode, { everyMs, timeoutMs }: Instrument): number {
  const lateMs = lateLooks ? latest * everyMs : 0;
  return everyMs + lateMs + (waits(target) ? timeoutMs + lateMs : 0) + 2 * hopMs;
}

function sureOf(one: Case, mode: Mode, instrument: Instrument): Case {
  const { from, to } = one.planted;
  const unseen = mode.expected === 'found or hidden' && !one.odd && one.biasMs === null && one.misses.length === 0;
  return unseen && to.low - from.high > surelyMs(mode, instrument) ? { ...one, misses: ['not measured at all, though a look must have failed'] } : one;
}

/**
 * The point lies between the first look that failed and the first good one. Each begins within an interval of the change; where looks are held, one that was being
 * answered may fail, and one that began up to a timeout before the return may be good.
 */
function pointed(one: Case, { target, lateLooks }: Mode, { everyMs, timeoutMs }: Instrument): Case {
  if (one.biasMs === null) return one;
  const reachMs = everyMs * (lateLooks ? 1 + latest : 1) + 2 * hopMs;
  const heldMs = waits(target) ? timeoutMs : 0;
  const holds = one.biasMs >= -reachMs - heldMs && one.biasMs <= reachMs + slowest * everyMs;
  return holds ? one : { ...one, misses: [...one.misses, `the point is ${one.biasMs.toFixed(0)} ms off, further than any look began from the change`] };
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
      const lengthMs = drawFor(virtualModes[name], instrument, random, mostMs);
      out.push({ from: at, to: at + lengthMs });
      at += lengthMs;
    }
    planted.push({ mode: name, from: { low: from, high: from }, to: { low: at, high: at } });
  }
  return { planted, out };
}

function drawFor(mode: Mode, instrument: Instrument, random: () => number, mostMs: number): number {
  const { everyMs, timeoutMs } = instrument;
  if (mode.shape === 'blip') return everyMs * (0.05 + random());
  if (mode.shape === 'short') return 1.05 * everyMs + random() * (0.95 * everyMs + timeoutMs);
  return drawSurely(mode, instrument, random, mostMs);
}

/** Long enough to make a look fail. */
function drawSurely(mode: Mode, instrument: Instrument, random: () => number, mostMs: number): number {
  return drawLengthMs(random, mostMs, Math.max(shortestMs, surelyMs(mode, instrument)));
}

/** Looks at a modelled target from 0 to `untilMs`. */
async function watch(ticker: typeof tick, mode: Mode, out: readonly Out[], untilMs: number, instrument: Instrument, random: () => number): Promise<Sample<'http'>[]> {
  const clock = makeVirtualClock();
  const samples: Sample<'http'>[] = [];
  const look = http.open(modelled(clock.inside, mode.target, out, instrument, random), http.params.parse({}), { name: 'planted', place: 'outside' });
  const end = new AbortController();
  const late = (): number => (mode.lateLooks ? random() * latest * instrument.everyMs : 0);
  const ticking: Clock = { now: clock.outside.now, sleep: (ms, signal) => clock.outside.sleep(ms + late(), signal) };
  const landed = ticker(ticking, { name: 'planted', place: 'outside', ...instrument, says: 'http' }, look, (sample) => samples.push(sample), end.signal);
  await clock.outside.sleep(untilMs);
  end.abort();
  await landed;
  clock.stop();
  return samples;
}
