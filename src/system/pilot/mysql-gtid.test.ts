import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countSet, isSubset, parseOwned, parseSet, saySet, subtract, unite, type GtidSet } from './mysql-gtid.ts';

const a = 'aaaaaaaa-e639-11f1-b9ee-02fc00000001';
const b = 'bbbbbbbb-e639-11f1-b9ee-02fc00000001';
const minus = (set: string, less: string) => saySet(subtract(parseSet(set), parseSet(less)));

describe('reading', () => {
  test('runs, single numbers, several servers, the line breaks of SHOW REPLICA STATUS, capitals', () => {
    expect(saySet(parseSet(`${a}:1-5:7,\n${b.toUpperCase()}:3`))).toBe(`${a}:1-5:7,${b}:3`);
    expect(parseSet('').size).toBe(0);
  });

  test('one server twice, runs that touch, overlap or come in any order, become one', () => {
    expect(saySet(parseSet(`${a}:7-9:1-3,${a}:4:2-5`))).toBe(`${a}:1-5:7-9`);
  });

  test('tags of 8.4 and later are origins of their own', () => {
    const set = parseSet(`${a}:1-3:7:fix:1-2:4,${b}:fix:9`);
    expect([...set.keys()]).toEqual([a, `${a}:fix`, `${b}:fix`]);
    expect(saySet(set)).toBe(`${a}:1-3:7,${a}:fix:1-2:4,${b}:fix:9`);
    expect(minus(`${a}:1-3:fix:1-3`, `${a}:1-3:fix:1-2`)).toBe(`${a}:fix:3`);
  });

  test('what threads own', () => {
    expect(saySet(parseOwned(`${a}:3#13:2#12,${b}:9#4`))).toBe(`${a}:2-3,${b}:9`);
  });

  test('MariaDB GTIDs and noise are refused', () => {
    for (const text of ['0-1-42', 'hello', `${a}`, `${a}:x-`, `${a}:1--2`]) expect(() => parseSet(text)).toThrow('no MySQL GTID set');
  });

  test('numbers beyond what a double holds', () => {
    expect(countSet(parseSet(`${a}:9223372036854775800-9223372036854775806`))).toBe(7);
    expect(minus(`${a}:9007199254740993-9007199254740995`, `${a}:9007199254740994`)).toBe(`${a}:9007199254740993:9007199254740995`);
  });
});

test('subtraction by hand', () => {
  expect(minus(`${a}:1-10`, `${a}:1-4:6`)).toBe(`${a}:5:7-10`);
  expect(minus(`${a}:1-10,${b}:1-2`, `${a}:1-20`)).toBe(`${b}:1-2`);
  expect(minus(`${a}:5-6`, `${a}:1-4:7-9`)).toBe(`${a}:5-6`);
  expect(minus(`${a}:1`, '')).toBe(`${a}:1`);
  expect(minus('', `${a}:1`)).toBe('');
});

test('like sets of numbers, for any sets', () => {
  const origins = [a, b, `${a}:tag`];
  const drawn = fc.array(fc.tuple(fc.nat(origins.length - 1), fc.integer({ min: 1, max: 30 }), fc.nat(4)), { maxLength: 12 })
    .map((list) => ({ text: list.map(([at, from, more]) => `${origins[at]}:${from}-${from + more}`).join(','), numbers: new Set(list.flatMap(([at, from, more]) => Array.from({ length: more + 1 }, (_, k) => `${at}/${from + k}`))) }));
  const spread = (set: GtidSet) => new Set([...set].flatMap(([origin, runs]) => runs.flatMap(([from, to]) => Array.from({ length: Number(to - from) + 1 }, (_, k) => `${origins.indexOf(origin)}/${Number(from) + k}`))));
  fc.assert(fc.property(drawn, drawn, (one, other) => {
    const [x, y] = [parseSet(one.text), parseSet(other.text)];
    expect(spread(subtract(x, y))).toEqual(new Set([...one.numbers].filter((number) => !other.numbers.has(number))));
    expect(spread(unite(x, y))).toEqual(new Set([...one.numbers, ...other.numbers]));
    expect(isSubset(x, y)).toBe([...one.numbers].every((number) => other.numbers.has(number)));
    expect(countSet(x)).toBe(one.numbers.size);
    expect(saySet(parseSet(saySet(x)))).toBe(saySet(x));
  }));
});
