import { afterAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { inTurn } from './turn.ts';

const dir = mkdtempSync(join(tmpdir(), 'regionfall-turn-'));
const lock = join(dir, 'lock');
const never = new AbortController().signal;
afterAll(() => { rmSync(dir, { recursive: true }); });

test('who holds the lock holds it alone, and lets go also where it failed', async () => {
  let inside = 0;
  const act = async () => {
    inside += 1;
    const together = inside;
    await setTimeout(150);
    inside -= 1;
    if (together > 1) throw new Error('two at once');
    throw new Error('it failed by itself');
  };
  const ended = await Promise.allSettled([inTurn(lock, never, act), inTurn(lock, never, act), inTurn(lock, never, act)]);
  expect(ended.map((one) => (one.status === 'rejected' ? (one.reason as Error).message : ''))).toEqual(Array.from({ length: 3 }, () => 'it failed by itself'));
}, 20_000);

test('an interrupt ends the waiting, and whoever waits behind it comes in', async () => {
  const interrupt = new AbortController();
  let letGo = (): void => {};
  let holds = (): void => {};
  const held = new Promise<void>((resolve) => { holds = resolve; });
  const holding = inTurn(lock, never, async () => { holds(); await new Promise<void>((resolve) => { letGo = resolve; }); return 'held'; });
  await held;
  const waiting = inTurn(lock, interrupt.signal, async () => 'never');
  await setTimeout(200);
  interrupt.abort(new Error('interrupted'));
  await expect(waiting).rejects.toThrow('interrupted');
  letGo();
  expect([await holding, await inTurn(lock, never, async () => 'next')]).toEqual(['held', 'next']);
}, 20_000);

test('without a lock it is done at once; a lock that cannot be had says so', async () => {
  expect(await inTurn(undefined, never, async () => 'at once')).toBe('at once');
  await expect(inTurn(join(dir, 'no', 'such', 'folder'), never, async () => 'never')).rejects.toThrow('cannot be held');
}, 20_000);
