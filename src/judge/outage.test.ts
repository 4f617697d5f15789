import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hiddenMs, longestOf, outagesOf, recoveredAt } from './outage.ts';
import { story, watched } from '../checks/fixture.ts';
import type { Looked } from './looks.ts';

/** Looks every 100 ms: `+` good (takes 10 ms), `-` bad (takes the whole 100 ms), `.` none. */
function looks(drawn: string): Looked[] {
  return [...drawn].flatMap((sign, index) => {
    const started = index * 100;
    if (sign === '.') return [];
    return [sign === '+' ? { started, ended: started + 10, ok: true, error: null } : { started, ended: started + 100, ok: false, error: 'timed out' }];
  });
}

describe('outagesOf', () => {
  test('bounds are those of the formula', () => {
    // L0 starts 200, F0 300-400, FN starts 500, O1 600-610.
    const [outage] = outagesOf(looks('+++---+++++'), { everyMs: 100, stableMs: 300 });
    expect(outage).toEqual({ from: 300, to: 600, point: 300, low: 100, high: 410, censored: false, n: 3, errors: { 'timed out': 3 } });
  });

  test('a good look that does not last is no end, and with stableMs 0 it is one', () => {
    const drawn = looks('++--+--+++++');
    expect(outagesOf(drawn, { everyMs: 100, stableMs: 300 }).map(({ from, to }) => [from, to])).toEqual([[200, 700]]);
    expect(outagesOf(drawn, { everyMs: 100, stableMs: 0 }).map(({ from, to }) => [from, to])).toEqual([[200, 400], [500, 700]]);
  });

  test('what did not end is censored: at least low, no high', () => {
    const [outage] = outagesOf(looks('+++----+'), { everyMs: 100, stableMs: 300 });
    expect(outage).toMatchObject({ to: null, point: 200, low: 200, high: null, censored: true });
  });

  test('a run of good looks must end before `until`', () => {
    const drawn = looks('+++--++++++++');
    expect(outagesOf(drawn, { everyMs: 100, stableMs: 300, until: 800 })[0]?.to).toBe(500);
    expect(outagesOf(drawn, { everyMs: 100, stableMs: 300, until: 799 })[0]?.censored).toBe(true);
  });

  test('a good look answered only after `until` says nothing', () => {
    const hung = [...looks('++--'), { started: 400, ended: 900, ok: true, error: null }];
    expect(outagesOf(hung, { everyMs: 100, stableMs: 0, until: 600 })[0]?.to).toBeNull();
    expect(outagesOf(hung, { everyMs: 100, stableMs: 0 })[0]?.to).toBe(400);
  });

  test('an outage already there when looking began has no upper bound', () => {
    expect(outagesOf(looks('--+++++'), { everyMs: 100, stableMs: 300 })[0]).toMatchObject({ point: 200, low: 0, high: null, censored: true });
  });

  test('blind is not down: bad looks in blind time are nobody`s, and the bounds grow over it', () => {
    const drawn = looks(`++++++++++${'-'.repeat(20)}++++++++++`);
    expect(outagesOf(drawn, { everyMs: 100, stableMs: 300, blind: [{ from: 950, to: 2_995 }] })).toEqual([]);
    expect(hiddenMs(drawn, { everyMs: 100, stableMs: 300, blind: [{ from: 950, to: 2_995 }] })).toBe(3_010 - 900);
    // Blind up to 2000: F0 is the first bad look after it, and L0 the last good one before it.
    const [edge] = outagesOf(drawn, { everyMs: 100, stableMs: 300, blind: [{ from: 950, to: 2_000 }] });
    expect(edge).toMatchObject({ from: 2_000, low: 2_900 - 2_100, high: 3_010 - 900, censored: false });
  });

  test('blind time in the middle may have been good: the least length is that of the longer piece', () => {
    const drawn = looks(`++${'-'.repeat(10)}${'.'.repeat(20)}${'-'.repeat(5)}+++++`);
    // Pieces: F 200..1100 -> 1100 - 300 = 800; F 3200..3600 -> 3600 - 3300 = 300.
    expect(outagesOf(drawn, { everyMs: 100, stableMs: 300 })[0]).toMatchObject({ low: 800, high: 3_710 - 100 });
  });

  test('good on both sides of a hole is not good throughout', () => {
    const drawn = looks(`++--++${'.'.repeat(15)}++++++`);
    expect(outagesOf(drawn, { everyMs: 100, stableMs: 500 })[0]).toMatchObject({ to: 2_100, high: 2_110 - 100 });
  });
});

describe('longestOf', () => {
  test('with no outage seen: zero, and the longest that could have hidden', () => {
    expect(longestOf(looks('++++++'), { everyMs: 100, stableMs: 300 })).toEqual({ value: 0, low: 0, high: 110, censored: false });
  });

  test('a good look that hangs hides nothing that its successors show', () => {
    const drawn = [...looks('++'), { started: 200, ended: 5_000, ok: true, error: null }, ...looks('...++')];
    expect(hiddenMs(drawn, { everyMs: 100, stableMs: 0 })).toBe(310 - 100);
  });

  test('only what touches the window counts', () => {
    const drawn = looks('++--++++++++-+++++++');
    expect(longestOf(drawn, { everyMs: 100, stableMs: 300, from: 600 }).value).toBe(100);
  });
});

describe('recoveredAt', () => {
  const two = { client: { probes: ['front', 'writer'], resolver: 'strict' }, probes: [watched('front', 'http', 'http'), watched('writer', 'ledger', 'write')] };

  test('null while nothing has gone bad, and while good has not lasted', () => {
    expect(recoveredAt(story().broken(1_000).http('front', 0, 4_000).history(), 1_000)).toBeNull();
    expect(recoveredAt(story().broken(1_000).http('front', 0, 3_800, (at) => at >= 1_000 && at < 3_000).history(), 1_000)).toBeNull();
  });

  test('the start of the first window that lasts', () => {
    const bad = (at: number) => (at >= 1_000 && at < 2_000) || at === 2_300;
    expect(recoveredAt(story().broken(1_000).http('front', 0, 3_300, bad).history(), 1_000)).toBeNull();
    expect(recoveredAt(story().broken(1_000).http('front', 0, 3_500, bad).history(), 1_000)).toBe(2_400);
  });

  test('several probes: the latest of them, and one that is late to report holds it back', () => {
    const told = story(two).broken(1_000).http('front', 0, 5_000, (at) => at >= 1_000 && at < 2_000);
    for (let at = 0; at < 3_000; at += 100) told.write(at, 'writer', at / 100 + 1, at >= 1_000 && at < 2_500 ? 'refused' : 'acked');
    expect(recoveredAt(told.history(), 1_000)).toBeNull();
    for (let at = 3_000; at < 3_600; at += 100) told.write(at, 'writer', at / 100 + 1, 'acked');
    expect(recoveredAt(told.history(), 1_000)).toBe(2_500);
  });

  test('the window ends before the heal', () => {
    const bad = (at: number) => at >= 1_000 && at < 2_000;
    expect(recoveredAt(story().broken(1_000).phase(3_000, 'heal').http('front', 0, 5_000, bad).history(), 1_000)).toBe(2_000);
    expect(recoveredAt(story().broken(1_000).phase(2_900, 'heal').http('front', 0, 5_000, bad).history(), 1_000)).toBeNull();
  });

  test('a client probe with no looks is not served', () => {
    expect(recoveredAt(story(two).broken(1_000).http('front', 0, 5_000, (at) => at >= 1_000 && at < 2_000).history(), 1_000)).toBeNull();
  });
});

describe('the truth lies within the bounds', () => {
  /** Looks at a service that is down in [from, to): one begun then hangs, and is answered a moment after the end where its limit allows, as a retransmitted packet is. */
  function watch(from: number, to: number, everyMs: number, timeoutMs: number, phase: number, refuses: boolean): Looked[] {
    return Array.from({ length: Math.ceil((to + 6_000) / everyMs) }, (_, index): Looked => {
      const started = phase + index * everyMs;
      const [arrives, takes] = [started + 2, 5];
      if (arrives < from || arrives >= to) return { started, ended: started + takes, ok: true, error: null };
      if (refuses) return { started, ended: arrives + 1, ok: false, error: 'refused' };
      const answered = to + 3;
      return answered - started <= timeoutMs ? { started, ended: answered, ok: true, error: null } : { started, ended: started + timeoutMs, ok: false, error: 'timed out' };
    });
  }

  test.each([[100, 100], [250, 250], [20, 400], [250, 2_000]])('every %i ms with a limit of %i ms', (everyMs, timeoutMs) => {
    fc.assert(fc.property(fc.integer({ min: 3_000, max: 4_000 }), fc.integer({ min: 300, max: 9_000 }), fc.integer({ min: 0, max: everyMs - 1 }), fc.boolean(), (from, length, phase, refuses) => {
      const looks = watch(from, from + length, everyMs, timeoutMs, phase, refuses);
      const seen = longestOf(looks, { everyMs, stableMs: 1_000 });
      expect(seen.low).toBeLessThanOrEqual(length);
      expect(seen.high).toBeGreaterThanOrEqual(length);
      expect(seen.low).toBeLessThanOrEqual(seen.value);
      expect(seen.value).toBeLessThanOrEqual(seen.high ?? 0);
    }), { numRuns: 100, seed: 7 });
  });

  /** Looks at a service that is down in [from, to), now and then slow in answering, each sent again and again until its time is up, as TCP does: what waits the longest need not be answered the last. */
  function watchResent(from: number, to: number, everyMs: number, timeoutMs: number, phase: number, draw: (index: number, of: number) => number): Looked[] {
    return Array.from({ length: Math.ceil((to + 4_000) / everyMs) }, (_, index): Looked => {
      const started = phase + index * everyMs;
      const [first, takes] = [[30, 200, 1_000][draw(index, 3)] as number, draw(index + 5_000, 4) === 0 ? 0.6 * timeoutMs : 2];
      for (let sent = started + 2, next = first; sent - started < timeoutMs; sent += next, next *= 2) {
        if ((sent < from || sent >= to) && sent + takes - started <= timeoutMs) return { started, ended: sent + takes, ok: true, error: null };
        if (sent < from || sent >= to) break;
      }
      return { started, ended: started + timeoutMs, ok: false, error: 'timed out' };
    });
  }

  test.each([[100, 500], [20, 400], [250, 2_000]])('where looks overlap and are sent again, every %i ms with a limit of %i ms', (everyMs, timeoutMs) => {
    let found = 0;
    fc.assert(fc.property(fc.integer({ min: 3_000, max: 3_500 }), fc.integer({ min: 20, max: 2 * timeoutMs }), fc.integer({ min: 0, max: everyMs - 1 }), fc.infiniteStream(fc.nat()), (from, length, phase, naturals) => {
      const drawn: number[] = [];
      const draw = (index: number, of: number): number => (drawn[index] ??= naturals.next().value as number) % of;
      const outages = outagesOf(watchResent(from, from + length, everyMs, timeoutMs, phase, draw), { everyMs, stableMs: 2 * timeoutMs });
      expect(outages.length).toBeLessThanOrEqual(1);
      for (const { low, point, high } of outages) {
        found += 1;
        expect(high).toBeGreaterThanOrEqual(length);
        expect(low).toBeLessThanOrEqual(length);
        expect(point).toBeGreaterThanOrEqual(low);
        expect(point).toBeLessThanOrEqual(high as number);
        expect(high as number - low).toBeLessThanOrEqual(2 * (everyMs + timeoutMs));
      }
    }), { numRuns: 500, seed: 7 });
    expect(found).toBeGreaterThan(100);
  });

  test('it may have been back while nobody looked, whatever the first look after that found', () => {
    const [everyMs, stableMs] = [100, 500];
    fc.assert(fc.property(fc.integer({ min: 300, max: 4_000 }), fc.integer({ min: 700, max: 5_000 }), fc.integer({ min: 300, max: 4_000 }), fc.integer({ min: -400, max: 300 }), fc.integer({ min: -600, max: 400 }), (first, up, second, hides, shows) => {
      fc.pre(up + shows - hides > 1_000 + everyMs); // less is not a time in which nobody looked (holeMs)
      const [from, back, again] = [1_000, 1_000 + first, 1_000 + first + up];
      const down = (at: number) => (at >= from && at < back) || (at >= again && at < again + second);
      const looks = Array.from({ length: 200 }, (_, index) => index * everyMs).filter((at) => at < back + hides || at >= again + shows).map((started): Looked => ({ started, ended: started + 2, ok: !down(started), error: down(started) ? 'refused' : null }));
      for (const { low } of outagesOf(looks, { everyMs, stableMs })) expect(low).toBeLessThanOrEqual(Math.max(first, second));
    }), { numRuns: 500, seed: 7 });
  });
});
