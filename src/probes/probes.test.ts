import { describe, expect, test } from '@jest/globals';
import type { Topology } from '../topology.ts';
import { settingsSchema } from '../topology.ts';
import type { Senses } from '../world.ts';
import { direct } from './direct.ts';
import { dns } from './dns.ts';
import { http } from './http.ts';
import { ledger } from './ledger.ts';
import { reads } from './reads.ts';
import { registers } from './registers.ts';
import { server } from './server.ts';

const never = new AbortController().signal;
const outside = { name: 'front door', place: 'outside' };
const topology: Topology = {
  system: 'active-passive', regions: [{ name: 'seoul', role: 'primary' }, { name: 'oregon', role: 'standby' }], places: ['outside', 'seoul', 'oregon'],
  names: { service: 'shop.test', database: 'db.shop.test' }, authorities: ['authority-1', 'authority-2'], settings: settingsSchema.parse({}),
  resolvers: [{ name: 'strict', kind: 'strict', planted: false }, { name: 'stretch', kind: 'stretch', planted: true }],
};

describe('http', () => {
  const seen = (status: number): Pick<Senses, 'http'> => ({ http: async () => ({ status, servedBy: 'seoul', connection: 'new', address: '10.0.0.1' }) });

  test.each([[200, true], [204, true], [301, false], [404, false], [503, false]])('status %i is good: %s', async (status, ok) => {
    expect(await http.open(seen(status), http.params.parse({}), outside)(0, never)).toMatchObject({ ok, data: { status } });
  });

  test('asks where and how it is told to', async () => {
    const asked: unknown[] = [];
    const params = http.params.parse({ path: '/orders', target: { place: 'seoul', part: 'app' }, connections: 'reused', resolver: 'stretch' });
    await http.open({ http: async (...all) => { asked.push(...all.slice(0, 3)); return { status: 200, servedBy: null, connection: 'new', address: '' }; } }, params, outside)(0, never);
    expect(asked).toEqual([{ place: 'seoul', part: 'app' }, '/orders', { resolver: 'stretch', connections: 'reused' }]);
  });

  test('refuses words it does not know', () => {
    expect(http.params.safeParse({ connection: 'new' }).success).toBe(false);
    expect(http.params.safeParse({ path: 'orders' }).success).toBe(false);
  });
});

describe('dns', () => {
  test('stands for a probe at each resolver and each authority', () => {
    const expanded = dns.expand!(dns.params.parse({}), topology);
    expect(expanded.map((one) => one.suffix)).toEqual(['@strict', '@stretch', '@authority-1', '@authority-2']);
    expect(expanded[1]?.params).toEqual({ servers: ['stretch'], name: 'service', domain: 'shop.test' });
    expect(dns.expand!(dns.params.parse({ servers: ['strict'], name: 'database' }), topology)[0]?.params.domain).toBe('db.shop.test');
  });

  test.each([
    ['NOERROR', ['10.0.0.1'], true, undefined], ['NOERROR', [], false, 'no address'], ['NXDOMAIN', [], false, 'NXDOMAIN'], ['SERVFAIL', [], false, 'SERVFAIL'],
  ])('%s with %j is good: %s', async (rcode, addresses, ok, error) => {
    const params = dns.expand!(dns.params.parse({}), topology)[0]!.params;
    const look = dns.open({ resolve: async (name, server) => ({ server: `${server} for ${name}`, addresses, ttl: 60, rcode, ede: null }) }, params, outside);
    const { ok: good, error: said, data } = await look(0, never);
    expect([good, said, data.server]).toEqual([ok, error, 'strict for shop.test']);
  });

  test('does not open before it is expanded', () => {
    expect(() => dns.open({ resolve: async () => { throw new Error('never asked'); } }, dns.params.parse({}), outside)).toThrow('expand it first');
  });
});

describe('ledger and direct', () => {
  const appended: unknown[][] = [];
  const senses = (outcome: 'acked' | 'refused' | 'indeterminate'): Pick<Senses, 'append'> => ({
    append: async (target, write, manner, via) => {
      appended.push([target, write.number, write.attempt, manner.connections, via]);
      return { op: `${write.writer}:${write.number}`, attempt: write.attempt, outcome, server: '1', gtid: null, servedBy: null };
    },
  });

  test('the ledger writes each number once, through the service from outside', async () => {
    appended.length = 0;
    const look = ledger.open(senses('acked'), ledger.params.parse({}), { name: 'writer', place: 'outside' });
    const [first, second] = [await look(0, never), await look(1, never)];
    expect([first.data.op, second.data.op]).toEqual(['writer:1', 'writer:2']);
    expect(appended).toEqual([['service', 1, 1, 'new', 'app'], ['service', 2, 1, 'new', 'app']]);
  });

  test('inside a region it writes through that region\'s own app', async () => {
    appended.length = 0;
    await ledger.open(senses('acked'), ledger.params.parse({ connections: 'reused' }), { name: 'inside', place: 'seoul' })(6, never);
    expect(appended).toEqual([[{ place: 'seoul', part: 'app' }, 7, 1, 'reused', 'app']]);
  });

  test('direct goes past the app', async () => {
    appended.length = 0;
    await direct.open(senses('acked'), {}, { name: 'promotion', place: 'oregon' })(0, never);
    expect(appended).toEqual([[{ place: 'oregon', part: 'database' }, 1, 1, 'reused', 'database']]);
  });

  test.each([['acked', true], ['refused', false], ['indeterminate', false]] as const)('%s is good: %s', async (outcome, ok) => {
    for (const probe of [ledger.open(senses(outcome), ledger.params.parse({}), outside), direct.open(senses(outcome), {}, outside)]) expect((await probe(0, never)).ok).toBe(ok);
  });
});

describe('registers', () => {
  const asked: unknown[] = [];
  const senses: Pick<Senses, 'update'> = {
    update: async (target, { group, slot, writer, number }) => {
      asked.push([target, group, slot]);
      return { group, slot, value: `${writer}:${number}`, outcome: number === 4 ? 'refused' : 'acked', server: '1', gtid: null, servedBy: null, found: [null] };
    },
  };
  const open = (given: object, place: string) => { asked.length = 0; return registers.open(senses, registers.params.parse(given), { name: 'stock', place }); };

  test('goes round its slots, each time with a value that was never there; good is acked', async () => {
    const look = open({ slots: 3 }, 'outside');
    const seen = await Promise.all([0, 1, 2, 3].map((seq) => look(seq, never)));
    expect(asked).toEqual([['service', 'stock', 0], ['service', 'stock', 1], ['service', 'stock', 2], ['service', 'stock', 0]]);
    expect(seen.map(({ ok, data }) => [ok, data.value])).toEqual([[true, 'stock:1'], [true, 'stock:2'], [true, 'stock:3'], [false, 'stock:4']]);
  });

  test('sets another group\'s slots where told, through its own region\'s app, or straight in its database', async () => {
    await open({ as: 'shared' }, 'seoul')(0, never);
    expect(asked).toEqual([[{ place: 'seoul', part: 'app' }, 'shared', 0]]);
    await open({ direct: true }, 'seoul')(9, never);
    expect(asked).toEqual([[{ place: 'seoul', part: 'database' }, 'stock', 1]]);
  });
});

describe('server', () => {
  test('asks the database of its own place', async () => {
    const asked: unknown[] = [];
    const state = { server: '1', upS: 9, acks: 'degraded', waited: 5, alone: 2, connections: 30, refused: 1, open: 20, most: 300 } as const;
    const look = server.open({ status: async (target) => { asked.push(target); return state; } }, {}, { name: 'primary', place: 'seoul' });
    expect(await look(0, never)).toEqual({ ok: true, data: state });
    expect(asked).toEqual([{ place: 'seoul', part: 'database' }]);
  });
});

describe('reads', () => {
  test('asks for the newest numbers it last saw, and comes back down after a loss', async () => {
    const asked: number[] = [];
    const held = [[[1, 5]], [[1, 120]], [[21, 140]], [[41, 90]], [[1, 95]]] as [number, number][][];
    const look = reads.open({
      read: async (_target, writer, from) => { asked.push(from); return { writer, from, numbers: held.shift()!, server: '1' }; },
    }, reads.params.parse({ writer: 'writer', window: 100 }), outside);
    for (let seq = 0; seq < 5; seq += 1) await look(seq, never);
    expect(asked).toEqual([1, 1, 21, 41, 1]);
  });

  test('an answer with nothing in it widens the window', async () => {
    const asked: number[] = [];
    const held = [[[1, 500]], [], []] as [number, number][][];
    const look = reads.open({
      read: async (_target, writer, from) => { asked.push(from); return { writer, from, numbers: held.shift()!, server: '1' }; },
    }, reads.params.parse({ writer: 'writer', window: 100 }), outside);
    for (let seq = 0; seq < 3; seq += 1) await look(seq, never);
    expect(asked).toEqual([1, 401, 301]);
  });
});
