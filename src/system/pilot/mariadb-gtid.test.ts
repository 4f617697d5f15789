import { describe, expect, test } from '@jest/globals';
import { errantBetween, isWithin, merge, strangersIn } from './mariadb-gtid.ts';

describe('errant transactions', () => {
  test('none when the new primary has everything', () => {
    expect(errantBetween('0-1-100', '0-1-100,0-2-150')).toMatchObject({ count: 0, from: [] });
  });

  test('both wrote after the last common one', () => {
    expect(errantBetween('0-1-105', '0-1-100,0-2-150')).toEqual({ count: 5, range: '0-1-101..105', after: '0-1-100', from: ['1'] });
  });

  test('roles changed before: the common point is the highest shared one of any server', () => {
    expect(errantBetween('0-1-113,0-2-110', '0-1-100,0-2-130')).toMatchObject({ count: 3, range: '0-1-111..113', after: '0-2-110' });
  });

  test('nothing in common', () => {
    expect(errantBetween('0-1-4', '')).toEqual({ count: 4, range: '0-1-1..4', after: '', from: ['1'] });
  });

  test('an older entry that the other has forgotten is shared all the same', () => {
    expect(errantBetween('0-2-150,0-1-160', '0-1-160')).toMatchObject({ count: 0 });
  });

  test('sequence numbers beyond what a double holds', () => {
    expect(errantBetween('0-1-9007199254740995', '0-1-9007199254740993')).toMatchObject({ count: 2, range: '0-1-9007199254740994..9007199254740995' });
  });

  test('each domain for itself', () => {
    expect(errantBetween('0-1-5,7-1-3', '0-1-5,7-1-1')).toMatchObject({ count: 2, range: '7-1-2..3' });
  });
});

test('strangers are what another server wrote and the source did not have', () => {
  expect(strangersIn('0-1-100,0-2-40', '1', '0-1-100,0-2-40')).toEqual([]);
  expect(strangersIn('0-1-100,0-2-41', '1', '0-1-100,0-2-40')).toEqual(['0-2-41']);
  expect(strangersIn('0-1-120', '1', '0-1-100')).toEqual([]);
});

test('a position holds what is not beyond it in any domain', () => {
  expect(isWithin('0-1-5', '0-2-5')).toBe(true);
  expect(isWithin('0-1-6', '0-2-5')).toBe(false);
  expect(isWithin('0-1-5,3-1-1', '0-1-5')).toBe(false);
  expect(isWithin('', '')).toBe(true);
});

test('merging keeps the highest of each server', () => {
  expect(merge('0-1-5,0-2-3', '0-2-7', '')).toBe('0-1-5,0-2-7');
});
