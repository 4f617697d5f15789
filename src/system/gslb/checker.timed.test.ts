import { expect, test } from '@jest/globals';
import { hostMs } from '../log.ts';
import { every, runChecker } from './checker.ts';

const sleep = (ms: number) => new Promise((resolve) => { setTimeout(resolve, ms); });

test('looks start on their schedule while slow ones are under way, and the opinion turns when the third of them ends', async () => {
  const started: number[] = [];
  const turns: { at: number; healthy: boolean; why: string }[] = [];
  const look = async () => { started.push(hostMs()); await sleep(400); return { ok: false, why: 'slow' }; };
  const start = hostMs();
  const stop = runChecker(look, { intervalMs: 100, phaseMs: 50, threshold: 3 }, (opinion, why) => turns.push({ at: hostMs() - start, healthy: opinion.healthy, why }));
  await sleep(1_100);
  stop();
  // The first look ends at 450: others were started long before.
  expect(started.filter((at) => at - start < 440).length).toBeGreaterThanOrEqual(3);
  expect(turns).toMatchObject([{ healthy: false, why: 'slow' }]);
  // 50 + 2 x 100 + 400: one look after the other would take three times 400.
  expect(turns[0]?.at).toBeGreaterThanOrEqual(640);
  expect(turns[0]?.at).toBeLessThan(1_000);
  await sleep(450);
});

test('a schedule does not drift, leaves out what a stall slept through, and stops when told', async () => {
  const ticks: number[] = [];
  const start = hostMs();
  const stop = every(20, 10, () => {
    ticks.push((hostMs() - start - 10) / 20);
    if (ticks.length === 3) { const until = hostMs() + 110; while (hostMs() < until); }
  });
  await sleep(500);
  stop();
  const count = ticks.length;
  await sleep(60);
  expect(ticks).toHaveLength(count);
  expect(count).toBeLessThanOrEqual(21);
  // Back on its grid after a stall of five and a half intervals; a busy machine may make single ticks late, not all.
  const late = ticks.slice(4).map((tick) => tick - Math.floor(tick));
  expect(Math.min(...late)).toBeLessThan(0.3);
  expect((ticks[3] ?? 0) - (ticks[2] ?? 0)).toBeGreaterThanOrEqual(5);
});
