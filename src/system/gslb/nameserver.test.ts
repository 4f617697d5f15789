import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { decode, encode, streamDecode, streamEncode, type Answer, type DecodedPacket, type Packet } from 'dns-packet';
import type { Zone } from './config.ts';
import { serveDns, type Nameserver } from './nameserver.ts';
import { reply } from './zone.ts';

const config = { zone: 'regionfall.test', nameservers: [{ name: 'ns1.regionfall.test', address: '127.0.0.53' }, { name: 'ns2.regionfall.test', address: '127.0.0.54' }] };
const many = Array.from({ length: 60 }, (_, index) => `127.0.1.${index}`);
let zone: Zone | null = null;
let server: Nameserver;
beforeAll(async () => { server = await serveDns({ host: '127.0.0.1', port: 0 }, (query) => reply(query, config, zone)); });
afterAll(() => server.close());

const query = (name: string, type = 'A', more: Partial<Packet> = {}): Packet => ({ type: 'query', id: 77, questions: [{ type: type as 'A', name }], ...more });

async function overUdp(packet: Packet): Promise<DecodedPacket> {
  const socket = createSocket('udp4');
  socket.send(encode(packet), server.address.port, '127.0.0.1');
  const [bytes] = await once(socket, 'message') as [Buffer];
  socket.close();
  return decode(bytes);
}

async function overTcp(packet: Packet): Promise<DecodedPacket> {
  const socket = connect(server.address.port, '127.0.0.1');
  const bytes = streamEncode(packet);
  socket.write(bytes.subarray(0, 5)); // a query may come in pieces
  setTimeout(() => socket.write(bytes.subarray(5)), 20);
  let got = Buffer.alloc(0);
  for await (const chunk of socket) {
    got = Buffer.concat([got, chunk as Buffer]);
    if (got.length >= 2 && got.length >= 2 + got.readUInt16BE(0)) break;
  }
  return streamDecode(got) as DecodedPacket;
}
const rcode = (packet: DecodedPacket) => (packet as unknown as { rcode: string }).rcode;

test('before anything was published the server owns up to knowing nothing', async () => {
  expect(rcode(await overUdp(query('app.regionfall.test')))).toBe('SERVFAIL');
});

test('a name is answered with authority, its TTL in whole seconds rounded up, over UDP and TCP, in the letters it was asked in', async () => {
  zone = { serial: 7, negativeTtl: 5_000, records: { 'app.regionfall.test': { addresses: ['127.0.0.11'], ttl: 60_000 }, 'db.regionfall.test': { addresses: ['127.0.0.12'], ttl: 300 }, 'none.regionfall.test': { addresses: [], ttl: 1_000 }, 'many.regionfall.test': { addresses: many, ttl: 1_000 } } };
  for (const ask of [overUdp, overTcp]) {
    const got = await ask(query('APP.Regionfall.test'));
    expect(got.flag_aa).toBe(true);
    expect(got.answers).toMatchObject([{ type: 'A', name: 'APP.Regionfall.test', ttl: 60, data: '127.0.0.11' }]);
    expect((await ask(query('db.regionfall.test'))).answers).toMatchObject([{ ttl: 1, data: '127.0.0.12' }]);
  }
});

test('what is not there is NXDOMAIN, what has no such record is NODATA, each with the SOA and the negative TTL', async () => {
  const soa = { type: 'SOA', name: 'regionfall.test', ttl: 5, data: { serial: 7, minimum: 5 } };
  const missing = await overUdp(query('nobody.regionfall.test'));
  expect(rcode(missing)).toBe('NXDOMAIN');
  expect(missing.authorities).toMatchObject([soa]);
  for (const [name, type] of [['app.regionfall.test', 'AAAA'], ['none.regionfall.test', 'A'], ['regionfall.test', 'A'], ['app.regionfall.test', 'HTTPS']] as const) {
    const got = await overUdp(query(name, type === 'HTTPS' ? 'UNKNOWN_65' : type));
    expect(rcode(got)).toBe('NOERROR');
    expect(got.answers).toEqual([]);
    expect(got.authorities).toMatchObject([soa]);
  }
});

test('the apex has SOA and NS, and the nameservers have addresses', async () => {
  expect((await overUdp(query('regionfall.test', 'SOA'))).answers).toMatchObject([{ type: 'SOA', data: { serial: 7, minimum: 5, mname: 'ns1.regionfall.test' } }]);
  expect((await overUdp(query('regionfall.test', 'NS'))).answers?.map((each) => 'data' in each && each.data)).toEqual(['ns1.regionfall.test', 'ns2.regionfall.test']);
  expect((await overUdp(query('ns2.regionfall.test'))).answers).toMatchObject([{ data: '127.0.0.54' }]);
});

test('other zones are refused, other opcodes are not implemented, noise gets no answer and hurts nobody', async () => {
  expect(rcode(await overUdp(query('example.org')))).toBe('REFUSED');
  expect(rcode(await overUdp(query('notregionfall.test')))).toBe('REFUSED');
  expect(rcode(await overUdp(query('app.regionfall.test', 'A', { flags: 4 << 11 })))).toBe('NOTIMP');
  const socket = createSocket('udp4');
  for (const noise of [Buffer.from('x'), Buffer.alloc(12, 0xff), Buffer.alloc(600, 7)]) socket.send(noise, server.address.port, '127.0.0.1');
  expect(rcode(await overUdp(query('app.regionfall.test')))).toBe('NOERROR');
  socket.close();
});

test('an answer too long for a plain datagram is truncated, and whole over TCP and for those who take more', async () => {
  const short = await overUdp(query('many.regionfall.test'));
  expect([short.flag_tc, short.answers?.length]).toEqual([true, 0]);
  expect((await overTcp(query('many.regionfall.test'))).answers).toHaveLength(60);
  const opt: Answer = { type: 'OPT', name: '.', udpPayloadSize: 4_096, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] };
  const edns = await overUdp(query('many.regionfall.test', 'A', { additionals: [opt] }));
  expect(edns.answers).toHaveLength(60);
  expect(edns.additionals).toMatchObject([{ type: 'OPT' }]);
});

test('a stub resolver finds the address, and hears of none where there is none', async () => {
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([`127.0.0.1:${server.address.port}`]);
  expect(await resolver.resolve4('app.regionfall.test', { ttl: true })).toEqual([{ address: '127.0.0.11', ttl: 60 }]);
  await expect(resolver.resolve4('none.regionfall.test')).rejects.toMatchObject({ code: 'ENODATA' });
  await expect(resolver.resolve4('nobody.regionfall.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

test('a name with weights is answered with one address at a time, each in its turn', async () => {
  zone = { serial: 8, negativeTtl: 5_000, records: { 'app.regionfall.test': { addresses: ['127.0.0.11', '127.0.0.12'], weights: [1, 3], ttl: 1_000 } } };
  const seen: string[] = [];
  for (let asked = 0; asked < 200; asked += 1) {
    const { answers } = await overUdp(query('app.regionfall.test'));
    expect(answers).toHaveLength(1);
    seen.push(String((answers?.[0] as { data?: unknown } | undefined)?.data));
  }
  // 50 of 200 are expected; outside 15 to 90 is no chance (p < 1e-7).
  const first = seen.filter((address) => address === '127.0.0.11').length;
  expect(first).toBeGreaterThan(15);
  expect(first).toBeLessThan(90);
});
