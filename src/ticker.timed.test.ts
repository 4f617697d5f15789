import { expect, test } from '@jest/globals';
import { realClock } from './clock.ts';
import type { Sample } from './history.ts';
import type { Look } from './probe.ts';
import { makePace } from './ticker/pace.ts';
import { tick } from './ticker.ts';

const data = { status: 200, servedBy: null, connection: 'new', address: '127.0.0.1' } as const;
const everyMs = 20;

test('twenty schedules of fifty looks a second keep account of every look due, made or missed, without drift; how many are made is for bench/', async () => {
  const clock = realClock();
  const end = new AbortController();
  const answer: Look<'http'> = async () => { await clock.sleep(3); return { ok: true, data }; };
  const all = Array.from({ length: 20 }, (_, index) => {
    const [pace, samples, began]: [ReturnType<typeof makePace>, Sample[], number] = [makePace(), [], clock.now()];
    const over = tick(clock, { name: `probe ${index}`, place: 'outside', everyMs, timeoutMs: 1_000, says: 'http' }, answer, (sample) => samples.push(sample), end.signal, pace);
    return { pace, samples, began, over };
  });
  await clock.sleep(2_000);
  end.abort();
  await Promise.all(all.map(({ over }) => over));
  for (const { pace, samples, began } of all) {
    const { missed, ticks } = pace.take();
    const last = samples.at(-1)?.scheduled ?? Number.NaN;
    expect(ticks).toBe(samples.length);
    expect(ticks + missed).toBe(Math.round((last - began) / everyMs) + 1);
    expect(last - began).toBeGreaterThan(1_000);
  }
});
