import { expect, test } from '@jest/globals';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode } from 'dns-packet';
import { byName, fixed, pinned } from './locate.ts';

async function nameserver(address: () => string | null) {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (bytes, from) => {
    const query = decode(bytes);
    const name = query.questions?.[0]?.name ?? '';
    asked.push(name);
    const data = address();
    if (data !== null) socket.send(encode({ type: 'response', id: query.id ?? 0, questions: query.questions ?? [], answers: [{ type: 'A', name, ttl: 60, data }] }), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { at: { host: '127.0.0.1', port: socket.address().port }, asked, close: () => socket.close() };
}

test('the resolver is asked for every connection anew, whatever the TTL says', async () => {
  let now = '127.0.0.1';
  const server = await nameserver(() => now);
  const locate = byName('db.regionfall.test', server.at);
  expect(await locate(500)).toBe('127.0.0.1');
  now = '127.0.0.2';
  expect(await locate(500)).toBe('127.0.0.2');
  expect(server.asked).toEqual(['db.regionfall.test', 'db.regionfall.test']);
  server.close();
});

test('a resolver that says nothing is given up on in time', async () => {
  const server = await nameserver(() => null);
  const start = performance.now();
  await expect(byName('db.regionfall.test', server.at)(300)).rejects.toThrow();
  expect(performance.now() - start).toBeLessThan(2_000);
  expect(server.asked.length).toBeGreaterThanOrEqual(1);
  server.close();
});

test('a fixed address is itself', async () => {
  expect(await fixed('127.0.0.7')(1)).toBe('127.0.0.7');
});

test('pinned: what was found first is kept, and a look-up that failed is made again', async () => {
  const answers: (string | null)[] = [null, '127.0.0.1', '127.0.0.2'];
  const locate = pinned(async () => { const next = answers.shift(); if (!next) throw new Error('no address'); return next; });
  await expect(locate(500)).rejects.toThrow('no address');
  expect([await locate(500), await locate(500)]).toEqual(['127.0.0.1', '127.0.0.1']);
});
