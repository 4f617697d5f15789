import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { makeVirtualClock } from './clock.ts';
import { spentMs } from '../../../test/spent.ts';

describe('the virtual clock', () => {
  test('jumps from timer to timer, by time and then by the order they were set', async () => {
    const clock = makeVirtualClock();
    const seen: string[] = [];
    const note = (name: string) => () => { seen.push(`${name}@${clock.now()}`); };
    clock.after(20, note('b'));
    clock.after(10, note('a'));
    clock.after(20, note('c'));
    clock.after(30, note('d'))();
    clock.after(10, () => clock.after(5, note('in between')));
    expect(await spentMs(() => clock.outside.sleep(3_600_000))).toBeLessThan(1_000);
    expect(seen).toEqual(['a@10', 'in between@15', 'b@20', 'c@20']);
    expect(clock.now()).toBe(3_600_000);
  });

  test('lets everything that follows from one timer happen before the next', async () => {
    const clock = makeVirtualClock();
    const seen: number[] = [];
    clock.after(2, () => seen.push(2));
    const chain = async () => {
      await clock.inside.sleep(1);
      for (let depth = 0; depth < 50; depth += 1) await null;
      seen.push(clock.now());
    };
    void chain();
    await clock.outside.sleep(3);
    expect(seen).toEqual([1, 2]);
  });

  test('stands still while nobody waits for it, and while its driver writes a file', async () => {
    const clock = makeVirtualClock();
    let beats = 0;
    const beat = () => { beats += 1; clock.after(1, beat); };
    beat();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(beats).toBe(1);
    const dir = await mkdtemp(join(tmpdir(), 'regionfall-clock-'));
    const other = clock.outside.sleep(10_000);
    await clock.outside.sleep(100);
    const before = clock.now();
    await writeFile(join(dir, 'record'), 'x'.repeat(1_000_000));
    expect(clock.now()).toBe(before);
    await other;
    await rm(dir, { recursive: true });
  });

  test('a sleep ends early with the reason of its signal', async () => {
    const clock = makeVirtualClock();
    const end = new AbortController();
    clock.after(5, () => end.abort(new Error('enough')));
    await expect(clock.outside.sleep(100, end.signal)).rejects.toThrow('enough');
    expect(clock.now()).toBe(5);
    await expect(clock.outside.sleep(100, end.signal)).rejects.toThrow('enough');
  });

  test('stopped, it acts no more', async () => {
    const clock = makeVirtualClock();
    let acted = false;
    clock.after(5, () => { acted = true; });
    void clock.outside.sleep(10);
    clock.stop();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(acted).toBe(false);
    await expect(clock.outside.sleep(1)).rejects.toThrow('closed');
  });
});
