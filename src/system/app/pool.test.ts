import { expect, test } from '@jest/globals';
import type { Connection } from './connection.ts';
import { makePool } from './pool.ts';

function fakes(failing: () => boolean = () => false) {
  let made = 0;
  const open = async (): Promise<Connection> => {
    if (failing()) throw new Error('no database');
    let alive = true;
    made += 1;
    return { address: '127.0.0.1', server: String(made), alive: () => alive, query: () => Promise.reject(new Error('not asked here')), destroy: () => { alive = false; } };
  };
  return { open, made: () => made };
}

test('a connection that works is used again; one that died is replaced', async () => {
  const { open, made } = fakes();
  const pool = makePool(open, 2);
  const first = await pool.take(100);
  pool.give(first);
  expect(await pool.take(100)).toBe(first);
  first.destroy();
  pool.give(first);
  expect((await pool.take(100)).server).toBe('2');
  expect(made()).toBe(2);
});

test('a connection that dies while idle is never handed out, and its place is not lost', async () => {
  const { open } = fakes();
  const pool = makePool(open, 2);
  const both = [await pool.take(100), await pool.take(100)];
  for (const each of both) pool.give(each);
  for (const each of both) each.destroy();
  expect([(await pool.take(100)).server, (await pool.take(100)).server]).toEqual(['3', '4']);
  await expect(pool.take(30)).rejects.toThrow('no free connection within 30 ms');
});

test('who comes above the size waits in line, first come first served, and only so long', async () => {
  const { open, made } = fakes();
  const pool = makePool(open, 1);
  const only = await pool.take(100);
  const served: string[] = [];
  const waits = ['first', 'second'].map(async (who) => { const got = await pool.take(500); served.push(who); pool.give(got); });
  await expect(pool.take(30)).rejects.toThrow('no free connection within 30 ms');
  pool.give(only);
  await Promise.all(waits);
  expect(served).toEqual(['first', 'second']);
  expect(made()).toBe(1);
});

test('a place freed by a death goes to the next in line, who connects anew', async () => {
  const { open } = fakes();
  const pool = makePool(open, 1);
  const only = await pool.take(100);
  const next = pool.take(500);
  only.destroy();
  pool.give(only);
  expect((await next).server).toBe('2');
});

test('failing to connect rejects at once, and leaves the place to others', async () => {
  let failing = true;
  const { open } = fakes(() => failing);
  const pool = makePool(open, 1);
  await expect(pool.take(100)).rejects.toThrow('no database');
  const [one, two] = [pool.take(100), pool.take(100)];
  await expect(one).rejects.toThrow('no database');
  await expect(two).rejects.toThrow('no database');
  failing = false;
  expect((await pool.take(100)).alive()).toBe(true);
});
