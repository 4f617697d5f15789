import { expect, test } from '@jest/globals';
import type { Sample } from '../../history.ts';
import { holdAgainst, widestMs, type Instrument } from './held.ts';

const instrument: Instrument = { everyMs: 100, timeoutMs: 100, stableMs: 500 };
const planted = { mode: 'flaps', from: { low: 1_950, high: 1_950 }, to: { low: 8_050, high: 8_050 } };

/** Looks every 100 ms for ten seconds but for those in [from, to), with two good ones just before. */
function looks(from: number, to: number): Sample<'http'>[] {
  const bad = (at: number) => at > 1_950 && at < 8_050 && !(at >= from - 200 && at < from);
  return Array.from({ length: 100 }, (_, index) => index * 100).filter((at) => at < from || at >= to).map((at) => ({ kind: 'sample', probe: 'p', place: 'outside', says: 'http', scheduled: at, started: at, ended: at + 2, ok: !bad(at), error: bad(at) ? 'refused' : null, data: null } as never));
}

test('bounds are held to what looks leave open, and where nobody looked in the middle to the longest part', () => {
  const [seen] = holdAgainst([planted], looks(5_000, 5_000), instrument);
  expect(seen?.misses).toEqual([]);
  expect(seen?.mostWidthMs).toBe(widestMs(instrument, looks(5_000, 5_000)));
  const [unseen] = holdAgainst([planted], looks(5_000, 7_000), instrument);
  expect(unseen?.misses).toEqual([]);
  expect(unseen?.widthMs).toBeGreaterThan(widestMs(instrument, looks(5_000, 7_000)));
  // Bad from 2000 to 4700, and from 7000 to 8000: all but the first part is open.
  expect((unseen?.mostWidthMs ?? 0) - widestMs(instrument, looks(5_000, 7_000))).toBe(6_000 - 2_700);
});

test('what two looks may hide counts that the first began early and the second late', () => {
  const look = (scheduled: number, started: number, ended: number) => ({ kind: 'sample', probe: 'p', place: 'outside', says: 'http', scheduled, started, ended, ok: true, error: null, data: null } as never as Sample<'http'>);
  // The last is answered only as its time runs out, which the target stood still for.
  const short = { mode: 'frozen', from: { low: 5_001, high: 5_001 }, to: { low: 5_200, high: 5_200 } };
  const misses = (...seen: Sample<'http'>[]) => holdAgainst([short], seen, instrument, 'found or hidden').flatMap((one) => one.misses);
  expect(misses(look(5_000, 4_999.4, 5_000), look(5_100, 5_100.5, 5_200.5))).toEqual([]);
  expect(misses(look(5_000, 5_000, 5_000.5), look(5_202, 5_202, 5_202.5))).toEqual(['said to hide for longer than two looks are apart']);
});
