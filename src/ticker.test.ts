import { describe, expect, test } from '@jest/globals';
import type { Clock } from './clock.ts';
import { backstopMs } from './ticker/flights.ts';
import type { Sample } from './history.ts';
import { makePace } from './ticker/pace.ts';
import type { Look } from './probe.ts';
import { tick } from './ticker.ts';

/** Time that jumps from sleeper to sleeper once nothing else is left to do. */
function jumpingClock(): Clock & { run(untilMs: number): Promise<void> } {
  let now = 0;
  let order = 0;
  const sleepers: { at: number; order: number; wake(): void }[] = [];
  return {
    now: () => now,
    sleep: (ms, signal) => new Promise((resolve, reject) => {
      if (signal?.aborted) { reject(signal.reason as Error); return; }
      const stop = (): void => { sleepers.splice(sleepers.indexOf(sleeper), 1); reject(signal?.reason as Error); };
      const sleeper = { at: now + Math.max(0, ms), order: order += 1, wake: () => { signal?.removeEventListener('abort', stop); resolve(); } };
      sleepers.push(sleeper);
      signal?.addEventListener('abort', stop, { once: true });
    }),
    async run(untilMs) {
      for (;;) {
        for (let settle = 0; settle < 12; settle += 1) await Promise.resolve();
        sleepers.sort((a, b) => a.at - b.at || a.order - b.order);
        if ((sleepers[0]?.at ?? Number.POSITIVE_INFINITY) > untilMs) { now = untilMs; return; }
        const next = sleepers.shift()!;
        now = next.at;
        next.wake();
      }
    },
  };
}

const data = { status: 200, servedBy: null, connection: 'new', address: '127.0.0.1' } as const;
const schedule = { name: 'front door', place: 'outside', everyMs: 100, timeoutMs: 1_000, says: 'http' } as const;

/** Answers after `ms` of the clock, or fails when aborted before. */
const answering = (clock: Clock, ms: (seq: number) => number): Look<'http'> => async (seq, signal) => {
  await clock.sleep(ms(seq), signal);
  return { ok: true, data };
};

async function sampled(clock: ReturnType<typeof jumpingClock>, look: Look<'http'>, forMs: number, every: Partial<Record<'everyMs' | 'timeoutMs', number>> = {}): Promise<Sample[]> {
  const samples: Sample[] = [];
  const end = new AbortController();
  const landed = tick(clock, { ...schedule, ...every }, look, (sample) => samples.push(sample), end.signal);
  await clock.run(forMs);
  end.abort();
  await Promise.all([landed, clock.run(forMs + 20_000)]);
  return samples;
}

describe('an open loop', () => {
  test('starts every look on its schedule, whatever the earlier ones do', async () => {
    const clock = jumpingClock();
    const samples = await sampled(clock, answering(clock, (seq) => (seq % 3 === 0 ? 950 : 10)), 2_950);
    expect(samples.map((sample) => sample.started)).toEqual(Array.from({ length: 30 }, (_, index) => index * 100));
    expect(samples.every((sample) => sample.scheduled === sample.started && sample.at === sample.started)).toBe(true);
    expect(samples[0]).toMatchObject({ ended: 950, ok: true, error: null });
    expect(samples[1]).toMatchObject({ started: 100, ended: 110 });
  });

  test('hands samples on in the order of their start', async () => {
    const clock = jumpingClock();
    const samples = await sampled(clock, answering(clock, (seq) => 900 - (seq % 10) * 90), 3_000);
    expect(samples.map((sample) => sample.seq)).toEqual(samples.map((_, index) => index));
  });

  test('ends a look at its own limit, by the same clock', async () => {
    const clock = jumpingClock();
    const samples = await sampled(clock, answering(clock, (seq) => (seq === 4 ? 60_000 : 5)), 2_000);
    expect(samples[4]).toMatchObject({ started: 400, ended: 1_400, ok: false, data: null });
    expect(samples[4]?.error).toMatch(/^timed out/);
    expect(samples.filter((sample) => !sample.ok)).toHaveLength(1);
  });

  test('ends each of many hanging looks at its own limit, also those that start as an older one ends', async () => {
    const clock = jumpingClock();
    const samples = await sampled(clock, answering(clock, () => 60_000), 1_950, { everyMs: 100, timeoutMs: 100 });
    expect(samples.map((sample) => sample.ended - sample.started)).toEqual(samples.map(() => 100));
  });

  test('gives up on a look that ignores its abort, and goes on', async () => {
    const clock = jumpingClock();
    const stuck: Look<'http'> = (seq) => (seq === 2 ? new Promise(() => {}) : Promise.resolve({ ok: true, data }));
    const samples = await sampled(clock, stuck, 3_000);
    expect(samples[2]).toMatchObject({ started: 200, ended: 200 + schedule.timeoutMs + backstopMs, ok: false, error: 'timed out: the look did not end' });
    expect(samples.length).toBeGreaterThanOrEqual(30);
  });

  test('keeps what a look answered to its abort, but does not call it good', async () => {
    const clock = jumpingClock();
    const late: Look<'http'> = async (_seq, signal) => {
      await clock.sleep(5_000, signal).catch(() => {});
      return { ok: true, data };
    };
    const samples = await sampled(clock, late, 150);
    expect(samples[0]).toMatchObject({ ok: false, data, error: 'timed out' });
  });

  test('awaits looks under way at the end: they are no failures', async () => {
    const clock = jumpingClock();
    const samples = await sampled(clock, answering(clock, () => 700), 450);
    expect(samples).toHaveLength(5);
    expect(samples.every((sample) => sample.ok)).toBe(true);
  });

  test('counts ticks whose time has passed as missed and never makes up for them', async () => {
    const clock = jumpingClock();
    let skew = 0;
    const stalling: Clock = { now: () => clock.now() + skew, sleep: clock.sleep };
    const pace = makePace();
    const samples: Sample[] = [];
    const end = new AbortController();
    const look: Look<'http'> = async (seq) => {
      if (seq === 3) skew += 550; // what came next was kept waiting for 550 ms
      return { ok: true, data };
    };
    const landed = tick(stalling, schedule, look, (sample) => samples.push(sample), end.signal, pace);
    await clock.run(1_000);
    end.abort();
    await landed;
    const starts = samples.map((sample) => sample.started);
    for (let index = 1; index < starts.length; index += 1) expect(starts[index]! - starts[index - 1]!).toBeGreaterThan(0);
    const { missed, ticks } = pace.take();
    expect(missed).toBe(4);
    expect(ticks).toBe(samples.length);
    expect(samples.at(-1)!.scheduled % 100).toBe(0);
    expect(missed + ticks).toBe(Math.floor(samples.at(-1)!.scheduled / 100) + 1);
  });

  test('a look that throws at once is a bad look', async () => {
    const clock = jumpingClock();
    const samples = await sampled(clock, () => { throw new Error('connect: ECONNREFUSED'); }, 250);
    expect(samples[0]).toMatchObject({ ok: false, error: 'connect: ECONNREFUSED', data: null });
  });
});
