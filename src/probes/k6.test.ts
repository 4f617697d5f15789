import { describe, expect, test } from '@jest/globals';
import type { StreamTold } from '../probe.ts';
import type { Crowd, CrowdOrder, CrowdRequest } from '../world.ts';
import { k6 } from './k6.ts';

type Looked = Parameters<StreamTold<'http'>['look']>[0];
const seen = (status: number) => ({ status, servedBy: null, connection: 'new' as const, address: '10.0.0.1' });
const request: CrowdRequest = { scheduled: 0, started: 1, ended: 9, tookMs: 8, first: true, expected: true, error: null, seen: seen(200) };

async function lookOf(one: CrowdRequest, orders: CrowdOrder[] = []): Promise<Looked> {
  const looks: Looked[] = [];
  const crowd: Crowd = async (order, told) => { orders.push(order); told.request(one); return { stop: async () => {} }; };
  const params = k6.params.parse({ script: 'x.js', clients: 3, connections: 'reused', digest: 'abc' });
  await k6.open({ crowd }, params, { name: 'shoppers', place: 'outside' }).begin({ everyMs: 50, timeoutMs: 250, script: 'the text' }, { look: (look) => looks.push(look), missed: () => {}, blind: () => {}, note: () => {} });
  return looks[0] as Looked;
}

describe('k6', () => {
  test.each<[string, Partial<CrowdRequest>, boolean, string | null]>([
    ['an expected answer', {}, true, null],
    ['a status that the script expects', { seen: seen(404) }, true, null],
    ['a status that it does not', { expected: false, seen: seen(503) }, false, 'status 503'],
    ['no answer', { expected: false, error: 'dial: connection refused', seen: null }, false, 'dial: connection refused'],
    ['an answer after the timeout', { tookMs: 251 }, false, 'timed out'],
    ['an answer at the timeout', { tookMs: 250 }, true, null],
    ['no answer within the timeout', { tookMs: 250.8, expected: false, error: 'request timeout', seen: null }, false, 'timed out: request timeout'],
  ])('%s', async (_what, change, ok, error) => {
    expect(await lookOf({ ...request, ...change })).toMatchObject({ ok, error, data: change.seen === undefined ? request.seen : change.seen, scheduled: 0, started: 1, ended: 9, first: true });
  });

  test('orders what it is told to', async () => {
    const orders: CrowdOrder[] = [];
    await lookOf(request, orders);
    expect(orders).toEqual([{ script: 'the text', target: 'service', manner: { resolver: 'strict', connections: 'reused' }, everyMs: 50, timeoutMs: 250, clients: 3 }]);
  });

  test('names its script and its clients', () => {
    expect(k6.program!(k6.params.parse({ script: 'x.js' }))).toEqual({ script: 'x.js', clients: 20 });
    expect(k6.params.safeParse({}).success).toBe(false);
  });
});
