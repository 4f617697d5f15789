import { expect, test } from '@jest/globals';
import { makePace } from './pace.ts';

test('tells the 99th percentile and the worst of what was late, once', () => {
  const pace = makePace();
  for (let index = 1; index <= 200; index += 1) pace.started(index % 2 === 0 ? index : -index);
  pace.missed(3);
  expect(pace.take()).toEqual({ missed: 3, ticks: 200, jitterP99: 198, jitterMax: 200 });
  expect(pace.take()).toEqual({ missed: 0, ticks: 0, jitterP99: 0, jitterMax: 0 });
});
