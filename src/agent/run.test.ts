import { expect, test } from '@jest/globals';
import { realClock } from '../clock.ts';
import type { Entry } from '../history.ts';
import type { BoundProbe, Crowd, CrowdTold } from '../world.ts';
import { watchFrom } from './run.ts';

const shoppers: BoundProbe = { name: 'shoppers', kind: 'k6', place: 'outside', everyMs: 100, timeoutMs: 250, params: { script: 'x.js' }, script: 'the text' };
const seen = { status: 200, servedBy: null, connection: 'new', address: '10.0.0.1' } as const;

/** Watches with a crowd that is told what to say. */
function watching(crowd: Crowd) {
  const entries: Entry[] = [];
  return { entries, watching: watchFrom({ clock: realClock(), place: 'outside', probes: [shoppers], senses: { crowd }, sink: (entry) => entries.push(entry) }) };
}

test('what a program says becomes samples, missed ticks, blind time and notes of its probe', async () => {
  let told = null as CrowdTold | null;
  let stopped = 0;
  const { entries, watching: all } = watching(async (_order, hearing) => { told = hearing; return { stop: async () => { stopped += 1; } }; });
  await all.begun;
  const request = { scheduled: 100, started: 103, ended: 110, tookMs: 7, first: true, expected: true, error: null, seen };
  told?.request(request);
  told?.request({ ...request, started: 111, ended: 120, first: false, expected: false, seen: { ...seen, status: 503 } });
  told?.missed(2);
  told?.blind(200, 300, 'k6 stood still');
  told?.note('a remark');
  await all.stop();
  expect(stopped).toBe(1);
  const sample = { kind: 'sample', says: 'http', probe: 'shoppers', place: 'outside', scheduled: 100 };
  expect(entries).toEqual([
    { ...sample, at: 103, seq: 0, started: 103, ended: 110, ok: true, error: null, data: seen },
    { ...sample, at: 111, seq: 1, started: 111, ended: 120, ok: false, error: 'status 503', data: { ...seen, status: 503 } },
    { kind: 'blind', at: expect.any(Number), probe: 'shoppers', place: 'outside', from: 200, to: 300, why: 'k6 stood still' },
    { kind: 'note', at: expect.any(Number), text: 'shoppers: a remark', by: 'shoppers' },
    { kind: 'gap', at: expect.any(Number), place: 'outside', missed: 2, ticks: 1, jitterP99: 3, jitterMax: 3, stallMax: 0 },
  ]);
});

test('a program that does not begin is told, and can still be stopped', async () => {
  const { watching: all } = watching(async () => { throw new Error('k6 does not run: exit 7'); });
  await expect(all.begun).rejects.toThrow('k6 does not run: exit 7');
  await all.stop();
});

test('a place without a crowd says so', () => {
  expect(() => watchFrom({ clock: realClock(), place: 'outside', probes: [shoppers], senses: {}, sink: () => {} })).toThrow('shoppers: outside cannot crowd');
});
