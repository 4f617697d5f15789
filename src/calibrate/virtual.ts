import type { Clock } from '../clock.ts';
import type { Sample } from '../history.ts';
import { http } from '../probes/http.ts';
import { makeRandom } from '../providers/sim/random.ts';
import { makeVirtualClock } from '../providers/sim/clock.ts';
import type { HttpSeen } from '../seen.ts';
import type { tick } from '../ticker.ts';
import type { Senses } from '../world.ts';
import { arrived, holdAgainst, type Case, type Instrument, type Planted } from './held.ts';
import { drawLengthMs } from './lengths.ts';

/** What a modelled target does while it is out. `refused, then silent`: a process dies, and then its network. */
export const virtualModes = ['silent', 'refused', '503', 'refused, then silent'] as const;
type VirtualMode = (typeof virtualModes)[number];

/** How long a request is on its way (ms), and the share of an interval that the slowest answer takes. */
const hopMs = 0.7;
const slowest = 0.4;

/** Plants outages of one mode in virtual time and measures them with `ticker` and the http probe; the truth is exact. Intervals and timeouts vary, some looks overlap. */
export async function plantVirtual(ticker: typeof tick, mode: VirtualMode, count: number, seed: string): Promise<Case[]> {
  const random = makeRandom(`${seed} ${mode}`);
  const cases: Case[] = [];
  const instruments = [[250, 250], [100, 100], [250, 2_000], [20, 1_000]].map(([everyMs = 0, timeoutMs = 0]): Instrument => ({ everyMs, timeoutMs, stableMs: 1_000, answerMs: hopMs + slowest * everyMs }));
  for (const [index, instrument] of instruments.entries()) {
    const share = Math.ceil((count * (index + 1)) / instruments.length) - Math.ceil((count * index) / instruments.length);
    cases.push(...await measure(ticker, mode, schedule(mode, share, instrument, random), instrument, random));
  }
  return cases;
}

function schedule(mode: string, count: number, { everyMs, timeoutMs, stableMs }: Instrument, random: () => number): Planted[] {
  const planted: Planted[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    at += 2 * stableMs + 2 * timeoutMs + random() * 10 * everyMs;
    const to = at + Math.max(drawLengthMs(random), 2 * everyMs + timeoutMs);
    planted.push({ mode, from: { low: at, high: at }, to: { low: to, high: to } });
    at = to;
  }
  return planted;
}

async function measure(ticker: typeof tick, mode: VirtualMode, planted: readonly Planted[], instrument: Instrument, random: () => number): Promise<Case[]> {
  const clock = makeVirtualClock();
  const samples: Sample<'http'>[] = [];
  const look = http.open(target(clock.inside, mode, planted, () => random() * slowest * instrument.everyMs), http.params.parse({}), { name: 'planted', place: 'outside' });
  const end = new AbortController();
  const landed = ticker(clock.outside, { name: 'planted', place: 'outside', ...instrument, says: 'http' }, look, (sample) => samples.push(sample), end.signal);
  const over = (planted.at(-1)?.to.high ?? 0) + 2 * (instrument.stableMs + instrument.timeoutMs);
  await clock.outside.sleep(over);
  end.abort();
  await landed;
  clock.stop();
  return [...holdAgainst(planted, samples, instrument)];
}

function target(clock: Clock, mode: VirtualMode, planted: readonly Planted[], takesMs: () => number): Pick<Senses, 'http'> {
  const seen = (status: number): HttpSeen => ({ status, servedBy: arrived(clock.now()), connection: 'new', address: 'planted' });
  return {
    async http(_target, _path, _manner, signal) {
      await clock.sleep(hopMs, signal);
      const out = planted.find((one) => one.from.low <= clock.now() && clock.now() < one.to.low);
      const how = out && mode === 'refused, then silent' ? (clock.now() < (out.from.low + out.to.low) / 2 ? 'refused' : 'silent') : mode;
      if (out && how === 'refused') throw new Error('connect: ECONNREFUSED');
      // What waits in a black hole gets through once the path is back: a good look that began inside the outage.
      if (out && how === 'silent') await clock.sleep(out.to.low - clock.now(), signal);
      const answer = seen(out && how === '503' ? 503 : 200);
      // An answer that was given before the target went may arrive after.
      await clock.sleep(takesMs(), signal);
      return answer;
    },
  };
}
