import { describe, expect, test } from '@jest/globals';
import { makeStolen } from './stolen.ts';

describe('processor time that went to others', () => {
  test('is the share of all time since the call before, guest time not counted twice', () => {
    const texts = ['cpu  100 0 50 800 10 0 0 40 90 0\ncpu0 1\n', 'cpu  130 0 60 820 10 0 0 80 95 0\ncpu0 1\n', 'cpu  130 0 60 920 10 0 0 80 95 0\n'];
    const stolen = makeStolen(() => texts.shift() ?? '');
    expect(stolen()).toBe(40);
    expect(stolen()).toBe(0);
    expect(stolen()).toBeUndefined();
  });

  test('is not told where it cannot be read', () => {
    const stolen = makeStolen(() => { throw new Error('no such file'); });
    expect(stolen()).toBeUndefined();
  });
});
