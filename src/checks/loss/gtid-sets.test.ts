import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countGtids, includesGtid, readGtids, sayRuns, subtract, type GtidSet } from './gtid-sets.ts';

const a = 'aaaaaaaa-e639-11f1-b9ee-02fc00000001';
const b = 'bbbbbbbb-e639-11f1-b9ee-02fc00000001';
const read = (text: string): GtidSet => readGtids(text) ?? new Map([['unread', []]]);
const minus = (had: string, held: string) => sayRuns(subtract(read(had), read(held)));

describe('reading', () => {
  test('MariaDB tells the highest number of each origin: all up to it', () => {
    expect(sayRuns(read('0-1-42,0-2-7,0-1-40'))).toEqual(['0-1-1..42', '0-2-1..7']);
  });

  test('MySQL tells runs, by server, and from 8.4 on by tag', () => {
    expect(sayRuns(read(`${a.toUpperCase()}:1-5:7:fix:2, ${b}:fix:1-3`))).toEqual([`${a}:1..5`, `${a}:7..7`, `${a}:fix:2..2`, `${b}:fix:1..3`]);
    expect(sayRuns(read(`${a}:4-9,${a}:1-3`))).toEqual([`${a}:1..9`]);
  });

  test('nothing at all is a state; noise is none', () => {
    expect(readGtids('')?.size).toBe(0);
    for (const noise of ['binlog.000001:4', 'uuid:1-5', `${a}`, `${a}:`, '0-1', '0-1-x', `0-1-5,${a}:x-1`]) expect([noise, readGtids(noise)]).toEqual([noise, null]);
  });
});

test('what one has and the other has not', () => {
  expect(minus('0-1-120', '0-1-117,0-2-118')).toEqual(['0-1-118..120']);
  expect(minus('0-1-5,7-1-3', '0-1-5')).toEqual(['7-1-1..3']);
  expect(minus(`${a}:1-10`, `${a}:1-4:6,${b}:1-9`)).toEqual([`${a}:5..5`, `${a}:7..10`]);
  expect(minus(`${a}:5`, `${a}:1-9`)).toEqual([]);
  expect(countGtids(subtract(read(`${a}:1-10,${b}:1-2`), read(`${a}:3`)))).toBe(11);
});

test('one GTID lies in a set by its own number, not by all below it', () => {
  expect(['0-1-117', '0-1-118', '0-2-118'].map((gtid) => includesGtid(subtract(read('0-1-120'), read('0-1-117')), gtid))).toEqual([false, true, false]);
  expect([`${a}:7`, `${a}:6`, `${a}:fix:7`, 'noise', ''].map((gtid) => includesGtid(read(`${a}:5:7`), gtid))).toEqual([true, false, false, false, false]);
});

test('like sets of numbers, for any sets', () => {
  const drawn = fc.array(fc.tuple(fc.constantFrom(a, b, `${a}:tag`), fc.integer({ min: 1, max: 30 }), fc.nat(4)), { maxLength: 10 })
    .map((list) => ({ text: list.map(([origin, from, more]) => `${origin}:${from}-${from + more}`).join(','), all: new Set(list.flatMap(([origin, from, more]) => Array.from({ length: more + 1 }, (_, k) => `${origin}:${from + k}`))) }));
  fc.assert(fc.property(drawn, drawn, (one, other) => {
    const left = subtract(read(one.text), read(other.text));
    const expected = [...one.all].filter((gtid) => !other.all.has(gtid));
    expect(countGtids(left)).toBe(expected.length);
    expect([...one.all].filter((gtid) => includesGtid(left, gtid)).toSorted()).toEqual(expected.toSorted());
  }));
});
