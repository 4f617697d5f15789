import { expect, test } from '@jest/globals';
import type { Session } from './connect.ts';
import type { Link } from './dialect.ts';
import { errantBetween, mysql } from './mysql.ts';

const a = 'aaaaaaaa-e639-11f1-b9ee-02fc00000001';
const b = 'bbbbbbbb-e639-11f1-b9ee-02fc00000001';

test('errant is what the new primary has not, of whichever server; `after` is all that both have', () => {
  expect(errantBetween(`${a}:1-105`, `${a}:1-100,${b}:1-50`)).toEqual({ count: 5, range: `${a}-101..105`, after: `${a}:1-100`, from: [a] });
  expect(errantBetween(`${a}:1-100,${b}:1-3`, `${a}:1-120,${b}:1-3`)).toEqual({ count: 0, range: '', after: `${a}:1-100,${b}:1-3`, from: [] });
  expect(errantBetween(`${a}:1-9:fix:1-2`, `${a}:1-9:fix:1`)).toEqual({ count: 1, range: `${a}.fix-2..2`, after: `${a}:1-9,${a}:fix:1`, from: [a] });
});

test('however torn the errant ones are, a file can be named after them', () => {
  const torn = Array.from({ length: 200 }, (_, k) => 2 * k + 1).join(':');
  const { count, range } = errantBetween(`${a}:${torn}`, '');
  expect(count).toBe(200);
  expect(range).toBe(`${a}-1..1_${a}-3..3_${a}-5..5_and-197-more`);
  expect(`errant-region-with-a-rather-long-name-${range}.sql.txt`.length).toBeLessThan(255);
});

test('strangers: not from the source, and not known to it when it was last seen', async () => {
  const session = (executed: string): Session => ({ id: 1, end: () => {}, ask: async (text) => (text.includes('gtid_executed') ? [{ owned: '', executed, server: b, closed: '1' }] : []) });
  expect(await mysql.strangers(session(`${a}:1-120,${b}:1-3`), a, `${a}:1-100,${b}:1-3`)).toEqual([]);
  expect(await mysql.strangers(session(`${a}:1-120,${b}:1-4`), a.toUpperCase(), `${a}:1-100,${b}:1-3`)).toEqual([`${b}:4`]);
});

test('a replica holds a position only if nothing in it is missing, however high its numbers are', () => {
  const holds = (received: string, position: string) => mysql.holds({ received } as Link, position);
  expect(holds(`${a}:1-10`, `${a}:1-9`)).toBe(true);
  expect(holds(`${a}:1-4:6-10`, `${a}:1-9`)).toBe(false);
  expect(holds('', '')).toBe(true);
});

test('what a thread owns counts as the server`s own: it is in the binary log before it is executed', async () => {
  const session: Session = { id: 1, end: () => {}, ask: async (text) => (text.includes('gtid_owned') ? [{ owned: `${a}:7#13:6#12`, executed: `${a}:1-5`, server: a, closed: '0' }] : []) };
  expect(await mysql.standing(session)).toMatchObject({ position: `${a}:1-7`, past: `${a}:1-7`, writable: true, asksForAcks: false, ackers: 0 });
});

test('a lease is renewed past super_read_only, which stands again afterwards, and in no binary log', async () => {
  const asked: string[] = [];
  const session = (closed: string, events: string): Session => ({ id: 1, end: () => {}, ask: async (text) => { asked.push(text.replaceAll(/\s+/g, ' ').slice(0, 35)); return text.includes('event_scheduler') ? [{ runs: 'ON', events }] : [{ closed }]; } });
  await mysql.renewLease(session('1', '1'), 'shop', 5_000);
  expect(asked).toEqual(['SELECT @@GLOBAL.super_read_only AS ', 'SET GLOBAL super_read_only = 0', 'SET SESSION sql_log_bin = 0', 'SELECT @@GLOBAL.event_scheduler AS ', 'REPLACE INTO shop.lease (id, until)', 'SELECT @@GLOBAL.read_only AS closed', 'SET GLOBAL super_read_only = 1']);
  asked.length = 0;
  await mysql.renewLease(session('0', '0'), 'shop', 5_000);
  expect(asked.slice(1)).toEqual(['SET SESSION sql_log_bin = 0', 'SELECT @@GLOBAL.event_scheduler AS ', 'CREATE TABLE IF NOT EXISTS shop.lea', 'REPLACE INTO shop.lease (id, until)', 'CREATE EVENT IF NOT EXISTS shop.lea', 'SET GLOBAL event_scheduler = ON']);
});
