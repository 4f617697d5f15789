import { expect, test } from '@jest/globals';
import { keptOf } from './kept.ts';

const look = (started: number, seq: number, probe = 'door') => ({ kind: 'sample', says: 'http', probe, started, seq });

test('what is added later is found later, each in its place', () => {
  const entries: { kind: string }[] = [look(10, 0), { kind: 'note' }];
  expect(keptOf(entries).looks('http')).toHaveLength(1);
  entries.push(look(30, 2), look(20, 1), look(5, 0, 'writer'), { kind: 'note' });
  expect(keptOf(entries).looks('http', 'door').map((one) => (one as ReturnType<typeof look>).started)).toEqual([10, 20, 30]);
  expect(keptOf(entries).looks('http').map((one) => (one as ReturnType<typeof look>).started)).toEqual([5, 10, 20, 30]);
  expect(keptOf(entries).ofKind('note')).toHaveLength(2);
  expect(keptOf(entries).looks('dns')).toEqual([]);
  expect(keptOf(entries).looks('http', 'nobody')).toEqual([]);
});

test('looks that began together stand by their number', () => {
  expect(keptOf([look(10, 2), look(10, 1)]).looks('http').map((one) => (one as ReturnType<typeof look>).seq)).toEqual([1, 2]);
});

test('a list that was made shorter is begun anew', () => {
  const entries = [look(10, 0), look(20, 1)];
  expect(keptOf(entries).looks('http')).toHaveLength(2);
  entries.length = 1;
  expect(keptOf(entries).looks('http')).toHaveLength(1);
});

test('asking for marks or one kind of look does not sort out the others, of which there may be millions', () => {
  const unasked = { kind: 'sample', get says(): string { throw new Error('looked at'); } };
  expect(keptOf([{ kind: 'mark' }, unasked]).ofKind('mark')).toHaveLength(1);
  const writes = { ...look(10, 0), says: 'write', get probe(): string { throw new Error('sorted out'); } };
  expect(keptOf([writes, look(20, 1)]).looks('http')).toHaveLength(1);
});
