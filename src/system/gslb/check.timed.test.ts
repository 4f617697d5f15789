import { afterAll, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { check } from './check.ts';

const open: { close(): void }[] = [];
const sources: (string | undefined)[] = [];
let frozen: ChildProcess | undefined;
afterAll(() => {
  for (const each of open) each.close();
  frozen?.kill('SIGKILL');
});

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return (server.address() as AddressInfo).port;
}
const look = (port: number, path = '/', timeouts = { connectTimeoutMs: 300, responseTimeoutMs: 300 }) =>
  check({ from: '127.0.0.9', endpoint: { host: '127.0.0.1', port }, path, ...timeouts });

describe('a health check', () => {
  test('is good on 2xx and 3xx and bad on the rest, and leaves from its own address', async () => {
    const port = await listening(createServer((request, response) => {
      sources.push(request.socket.remoteAddress);
      response.writeHead(Number(request.url?.slice(1))).end('body');
    }));
    const found = await Promise.all(['/200', '/204', '/302', '/404', '/503'].map((path) => look(port, path)));
    expect(found.map((each) => each.ok)).toEqual([true, true, true, false, false]);
    expect(found[4]?.why).toBe('status 503');
    expect(new Set(sources)).toEqual(new Set(['127.0.0.9']));
  });

  test('is bad at once where the connection is refused', async () => {
    const server = createTcp();
    const port = await listening(server);
    server.close();
    await once(server, 'close');
    expect(await look(port)).toEqual({ ok: false, why: 'ECONNREFUSED' });
  });

  test('is bad after the response timeout where the connection is taken and nothing follows, or only part of a line', async () => {
    const sockets: Socket[] = [];
    const port = await listening(createTcp((socket) => { sockets.push(socket); socket.on('error', () => {}).write('HTTP/1.1 2'); }));
    const start = performance.now();
    expect(await look(port)).toEqual({ ok: false, why: 'no answer within 300 ms' });
    expect(performance.now() - start).toBeGreaterThanOrEqual(295);
    for (const socket of sockets) socket.destroy();
  });

  test('is bad where what answers does not speak HTTP, or hangs up', async () => {
    const chatty = await listening(createTcp((socket) => { socket.on('error', () => {}).end('hello\r\n'); }));
    const curt = await listening(createTcp((socket) => { socket.on('error', () => {}).end(); }));
    expect((await look(chatty)).why).toBe('not an HTTP answer');
    expect((await look(curt)).why).toBe('closed without an answer');
  });

  test('is bad after the connect timeout where no SYN is answered', async () => {
    // A stopped process whose backlog of 1 is full makes the kernel drop further SYNs in silence.
    frozen = spawn(process.execPath, ['-e', `const s = require('net').createServer().listen(0, '127.0.0.1', 1, () => { console.log(s.address().port); process.kill(process.pid, 'SIGSTOP'); })`]);
    const [line] = await once(frozen.stdout as NodeJS.ReadableStream, 'data') as [Buffer];
    const port = Number(String(line));
    const fillers = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    await new Promise((resolve) => { setTimeout(resolve, 200); });
    expect(await look(port)).toEqual({ ok: false, why: 'no connection within 300 ms' });
    for (const filler of fillers) filler.destroy();
  });
});
