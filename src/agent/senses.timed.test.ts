import { createSocket } from 'node:dgram';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import dns from 'dns-packet';
import type { Atlas } from '../world.ts';
import { openSenses } from './senses.ts';

const home = '127.0.0.1';
const fresh = { resolver: 'strict', connections: 'new' } as const;
const kept = { resolver: 'strict', connections: 'reused' } as const;
const app = { place: 'seoul', part: 'app' } as const;
const endings: (() => unknown)[] = [];
afterEach(async () => { for (const end of endings.splice(0).reverse()) await end(); });

const within = (ms: number): AbortSignal => AbortSignal.timeout(ms);

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => { sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => {})); });
  await new Promise<void>((resolve) => { server.listen(0, home, resolve); });
  endings.push(() => { server.close(); for (const socket of sockets) socket.destroy(); });
  return (server.address() as AddressInfo).port;
}

const httpServer = (answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> => listening(createHttp(answer));

/** A name server with one answer to everything, over UDP and, on the same port, TCP. */
async function nameServer(reply: (over: 'udp' | 'tcp') => Partial<dns.Packet>): Promise<number> {
  const answer = (question: Buffer, over: 'udp' | 'tcp'): Buffer => {
    const { id, questions } = dns.decode(question);
    return dns.encode({ type: 'response', id, questions, ...reply(over) } as dns.Packet);
  };
  const tcp = createTcp((socket) => socket.once('data', (bytes: Buffer) => {
    const body = answer(bytes.subarray(2), 'tcp');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(body.length);
    socket.end(Buffer.concat([length, body]));
  }));
  const port = await listening(tcp);
  const udp = createSocket('udp4').on('message', (question, from) => udp.send(answer(question, 'udp'), from.port, from.address));
  await new Promise<void>((resolve) => { udp.bind(port, home, resolve); });
  endings.push(() => udp.close());
  return port;
}

const a = (address: string, ttl = 60): Partial<dns.Packet> => ({ answers: [{ type: 'A', name: 'shop.test', data: address, ttl }] });

function sensesAt(where: { service?: number; parts?: Record<string, number>; strict?: number }) {
  const address = (port: number): string => `${home}:${port}`;
  const atlas: Atlas = {
    service: 'shop.test', servicePort: where.service ?? 1, from: home, database: { user: 'u', password: 'p', schema: 's' },
    parts: Object.fromEntries(Object.entries(where.parts ?? {}).map(([name, port]) => [name, address(port)])),
    nameservers: where.strict === undefined ? {} : { strict: address(where.strict) },
  };
  const senses = openSenses(atlas, 'seoul');
  endings.push(() => senses.close());
  return senses;
}

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createTcp();
  await new Promise<void>((resolve) => { server.listen(0, home, resolve); });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

describe('names', () => {
  test('an answer with its TTL and why it is stale', async () => {
    const strict = await nameServer(() => ({
      ...a('10.1.2.3', 30), additionals: [{ type: 'OPT', name: '.', udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [{ code: 15, data: Buffer.from([0, 3]) }] } as unknown as dns.Answer],
    }));
    expect(await sensesAt({ strict }).resolve('shop.test', 'strict', within(1_000))).toEqual({ server: 'strict', addresses: ['10.1.2.3'], ttl: 30, rcode: 'NOERROR', ede: 3 });
  });

  test('no such name is an answer too', async () => {
    const strict = await nameServer(() => ({ flags: 3 }));
    expect(await sensesAt({ strict }).resolve('shop.test', 'strict', within(1_000))).toEqual({ server: 'strict', addresses: [], ttl: null, rcode: 'NXDOMAIN', ede: null });
  });

  test('what does not fit is asked again over TCP', async () => {
    const strict = await nameServer((over) => (over === 'udp' ? { flags: dns.TRUNCATED_RESPONSE } : a('10.9.9.9')));
    expect((await sensesAt({ strict }).resolve('shop.test', 'strict', within(1_000))).addresses).toEqual(['10.9.9.9']);
  });

  test('a closed port rejects at once, silence when aborted, an unknown server always', async () => {
    await expect(sensesAt({ strict: await closedPort() }).resolve('shop.test', 'strict', within(1_000))).rejects.toThrow('resolve: ECONNREFUSED');
    const silent = createSocket('udp4');
    await new Promise<void>((resolve) => { silent.bind(0, home, resolve); });
    endings.push(() => silent.close());
    await expect(sensesAt({ strict: silent.address().port }).resolve('shop.test', 'strict', within(80))).rejects.toThrow('still resolving');
    await expect(sensesAt({}).resolve('shop.test', 'strict', within(80))).rejects.toThrow('no address is known for the name server strict');
  });
});

describe('http', () => {
  test('finds the service by its name, says who served, and reads the whole answer', async () => {
    const service = await httpServer((request, response) => { response.setHeader('x-served-by', `${request.headers.host}${request.url}`); response.end('x'.repeat(200_000)); });
    const senses = sensesAt({ service, strict: await nameServer(() => a(home)) });
    expect(await senses.http('service', '/orders', fresh, within(2_000))).toEqual({ status: 200, servedBy: 'shop.test/orders', connection: 'new', address: home });
  });

  test('new connections are new; kept ones say reused only once they have served', async () => {
    let connections = 0;
    const server = createHttp((_request, response) => { response.end('ok'); }).on('connection', () => { connections += 1; });
    const senses = sensesAt({ parts: { 'seoul/app': await listening(server) } });
    const taken: string[] = [];
    for (let look = 0; look < 3; look += 1) taken.push((await senses.http(app, '/', fresh, within(1_000))).connection);
    expect([taken, connections]).toEqual([['new', 'new', 'new'], 3]);
    taken.length = 0;
    for (let look = 0; look < 3; look += 1) taken.push((await senses.http(app, '/', kept, within(1_000))).connection);
    expect([taken, connections]).toEqual([['new', 'reused', 'reused'], 4]);
  });

  test('looks that overlap on kept connections each get their own', async () => {
    const waiting: ServerResponse[] = [];
    const senses = sensesAt({ parts: { 'seoul/app': await httpServer((_request, response) => { if (waiting.push(response) === 40) for (const one of waiting) one.end(); }) } });
    const seen = await Promise.all(Array.from({ length: 40 }, () => senses.http(app, '/', kept, within(3_000))));
    expect(seen.every((one) => one.status === 200 && one.connection === 'new')).toBe(true);
  });

  test('a kept connection is not used again after an error, nor when the server has closed it', async () => {
    let serve: (response: ServerResponse) => void = (response) => { response.end(); };
    const senses = sensesAt({ parts: { 'seoul/app': await httpServer((_request, response) => serve(response)) } });
    await senses.http(app, '/', kept, within(1_000));
    serve = () => {};
    await expect(senses.http(app, '/', kept, within(80))).rejects.toThrow('still waiting for the answer');
    serve = (response) => { const { socket } = response; response.end(); setTimeout(() => socket?.destroy(), 5); };
    expect((await senses.http(app, '/', kept, within(1_000))).connection).toBe('new');
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    expect((await senses.http(app, '/', kept, within(1_000))).connection).toBe('new');
  });

  test('an answer that is cut short is none', async () => {
    const senses = sensesAt({ parts: { 'seoul/app': await httpServer((_request, response) => { response.writeHead(200, { 'content-length': 100 }); response.write('half'); setTimeout(() => response.socket?.destroy(), 20); }) } });
    await expect(senses.http(app, '/', fresh, within(1_000))).rejects.toThrow(/^answer: /);
  });

  test('says in which step it failed', async () => {
    await expect(sensesAt({ parts: { 'seoul/app': await closedPort() } }).http(app, '/', fresh, within(1_000))).rejects.toThrow('connect: ECONNREFUSED');
    await expect(sensesAt({ strict: await nameServer(() => ({ flags: 2 })) }).http('service', '/', fresh, within(1_000))).rejects.toThrow('resolve: SERVFAIL');
    await expect(sensesAt({ strict: await nameServer(() => ({})) }).http('service', '/', fresh, within(1_000))).rejects.toThrow('resolve: no address');
  });
});

describe('writes', () => {
  const write = { writer: 'writer', number: 7, attempt: 1 };
  const outcomeOf = async (answer: (response: ServerResponse) => void, ms = 1_000) => {
    const senses = sensesAt({ parts: { 'seoul/app': await httpServer((request, response) => { request.resume().on('end', () => answer(response)); }) } });
    return senses.append(app, write, kept, 'app', within(ms));
  };
  const say = (status: number, body: unknown) => (response: ServerResponse) => { response.writeHead(status, { 'x-served-by': 'seoul' }).end(typeof body === 'string' ? body : JSON.stringify(body)); };

  test('acked with server and gtid', async () => {
    expect(await outcomeOf(say(200, { outcome: 'acked', server: '1', gtid: '0-1-9' }))).toEqual({ op: 'writer:7', attempt: 1, outcome: 'acked', server: '1', gtid: '0-1-9', servedBy: 'seoul' });
  });

  test.each([
    ['the app says refused', say(503, { outcome: 'refused' }), 'refused'],
    ['the app says indeterminate', say(504, { outcome: 'indeterminate' }), 'indeterminate'],
    ['a bare 503', say(503, 'no server is available'), 'indeterminate'],
    ['a bare 200', say(200, '<html>'), 'indeterminate'],
    ['a 500', say(500, ''), 'indeterminate'],
    ['a connection lost after the request', (response: ServerResponse) => { response.socket?.destroy(); }, 'indeterminate'],
    ['an answer cut short', (response: ServerResponse) => { response.writeHead(200, { 'content-length': 99 }); response.write('{'); response.socket?.end(); }, 'indeterminate'],
  ] as const)('%s', async (_what, answer, outcome) => {
    expect((await outcomeOf(answer)).outcome).toBe(outcome);
  });

  test('no answer in time is indeterminate', async () => {
    expect((await outcomeOf(() => {}, 80)).outcome).toBe('indeterminate');
  });

  test('nothing sent is refused: closed port, no name, no connection in time', async () => {
    expect((await sensesAt({ parts: { 'seoul/app': await closedPort() } }).append(app, write, fresh, 'app', within(1_000))).outcome).toBe('refused');
    expect((await sensesAt({ strict: await nameServer(() => ({ flags: 3 })) }).append('service', write, fresh, 'app', within(1_000))).outcome).toBe('refused');
    const aborted = AbortSignal.abort();
    expect((await sensesAt({ parts: { 'seoul/app': await closedPort() } }).append(app, write, fresh, 'app', aborted)).outcome).toBe('refused');
  });

  test('the request is the write, whole', async () => {
    let got = '';
    const senses = sensesAt({ parts: { 'seoul/app': await httpServer((request, response) => { request.setEncoding('utf8').on('data', (text: string) => { got += text; }).on('end', () => { got = `${request.method} ${request.url} ${got}`; response.end('{}'); }); }) } });
    await senses.append(app, write, fresh, 'app', within(1_000));
    expect(got).toBe('POST /orders {"writer":"writer","number":7,"attempt":1}');
  });
});

test('reads say which numbers are there, and throw on anything but a whole answer', async () => {
  let asked = '';
  let status = 200;
  const senses = sensesAt({ parts: { 'seoul/app': await httpServer((request, response) => { asked = request.url ?? ''; response.writeHead(status).end('{"server":"1","numbers":[[3,9],[11,11]]}'); }) } });
  expect(await senses.read(app, 'the writer', 3, kept, within(1_000))).toEqual({ writer: 'the writer', from: 3, numbers: [[3, 9], [11, 11]], server: '1' });
  expect(asked).toBe('/orders/seen?writer=the%20writer&from=3');
  status = 503;
  await expect(senses.read(app, 'the writer', 3, kept, within(1_000))).rejects.toThrow('status 503');
});

describe('reach', () => {
  const reachOf = async (part: 'app' | 'database' | 'resolver', port: number) => (await sensesAt({ parts: { [`seoul/${part}`]: port } }).reach({ place: 'seoul', part }, 150, within(5_000))).reach;

  test('ok: a server that answers, a database that greets, a resolver that replies', async () => {
    expect(await reachOf('app', await httpServer((_request, response) => { response.writeHead(503).end(); }))).toBe('ok');
    expect(await reachOf('database', await listening(createTcp((socket) => { socket.write('greeting'); })))).toBe('ok');
    expect(await reachOf('resolver', await nameServer(() => ({ flags: 5 })))).toBe('ok');
  });

  test('refused: nothing listens', async () => {
    expect(await reachOf('app', await closedPort())).toBe('refused');
  });

  test('accepts but dead: it accepts, and then nothing', async () => {
    expect(await reachOf('app', await listening(createTcp(() => {})))).toBe('accepts-but-dead');
    expect(await reachOf('database', await listening(createTcp(() => {})))).toBe('accepts-but-dead');
  });

  test('leaves from the address of the part it looks as', async () => {
    let from: string | undefined;
    const port = await listening(createTcp((socket) => { from = socket.remoteAddress; socket.write('greeting'); }));
    const senses = openSenses({ service: '', servicePort: 1, nameservers: {}, from: home, database: { user: '', password: '', schema: '' }, parts: { 'seoul/database': '127.0.0.7:1', 'oregon/database': `${home}:${port}` } }, 'seoul');
    endings.push(() => senses.close());
    expect((await senses.reach({ place: 'oregon', part: 'database' }, 500, within(1_000), 'database')).reach).toBe('ok');
    expect(from).toBe('127.0.0.7');
  });

  test('throws for what has no address, and when told to stop', async () => {
    await expect(sensesAt({}).reach('service', 100, within(1_000))).rejects.toThrow('no address of its own');
    await expect(sensesAt({}).reach(app, 100, within(1_000))).rejects.toThrow('no address is known for seoul/app');
    const senses = sensesAt({ parts: { 'seoul/app': await listening(createTcp(() => {})) } });
    await expect(senses.reach(app, 5_000, within(50))).rejects.toThrow();
  });
});
