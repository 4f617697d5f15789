import { describe, expect, test } from '@jest/globals';
import type { Connection } from './connection.ts';
import { append, judge, runsOf } from './orders.ts';

const order = { writer: 'w', number: 1, attempt: 0 };
const failed = (sent: boolean, errno: number | null) => judge({ ok: false, sent, errno, error: 'it failed' }, '1').outcome;

describe('what a failed INSERT proves', () => {
  test('not sent: refused, whatever happened to the connection', () => {
    expect(failed(false, null)).toBe('refused');
  });

  test.each([1290, 1792, 1836, 1205, 1213, 1142, 1146, 1406])('the server said %d, which comes before any commit: refused', (errno) => {
    expect(failed(true, errno)).toBe('refused');
  });

  test.each<[number | null, string]>([
    [null, 'sent, then silence or a lost connection'], [1053, 'shutdown'], [1317, 'interrupted: a semi-sync wait ends so, after the commit'],
    [1927, 'connection killed'], [1180, 'error during commit'], [2013, 'lost'], [9999, 'an error nobody knows'],
  ])('%s (%s): indeterminate', (errno) => {
    expect(failed(true, errno)).toBe('indeterminate');
  });
});

test('an ack carries the server, and the GTID where the OK packet had one', () => {
  expect(judge({ ok: true, result: { affectedRows: 1, stateChanges: { systemVariables: { last_gtid: '0-1-7' } } } }, '1')).toEqual({ outcome: 'acked', server: '1', gtid: '0-1-7' });
  expect(judge({ ok: true, result: { affectedRows: 1, stateChanges: { systemVariables: {}, gtids: ['c6b1bd01-e63b-11f1-be2b-02fc00000001:7'] } } }, '1')).toMatchObject({ outcome: 'acked', gtid: 'c6b1bd01-e63b-11f1-be2b-02fc00000001:7' });
  expect(judge({ ok: true, result: { affectedRows: 1 } }, '1')).toEqual({ outcome: 'acked', server: '1', gtid: null });
});

test('a write that got no connection is refused, and one that lost it before it was sent is too', async () => {
  const patience = { waitMs: 10, queryMs: 10 };
  const none = { take: () => Promise.reject(new Error('no free connection')), give: () => {}, close: () => {} };
  expect(await append(none, order, 'east', patience)).toEqual({ outcome: 'refused', error: 'no free connection' });
  const given: Connection[] = [];
  const dead: Connection = { address: '', server: '1', alive: () => false, destroy: () => {}, query: async () => ({ ok: false, sent: false, errno: null, error: 'gone' }) };
  expect(await append({ take: async () => dead, give: (each) => { given.push(each); }, close: () => {} }, order, 'east', patience)).toEqual({ outcome: 'refused', error: 'gone' });
  expect(given).toEqual([dead]);
});

test('numbers become inclusive runs', () => {
  expect(runsOf([])).toEqual([]);
  expect(runsOf([1, 2, 3, 7, 9, 10])).toEqual([[1, 3], [7, 7], [9, 10]]);
});
