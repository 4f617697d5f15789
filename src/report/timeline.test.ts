import { describe, expect, test } from '@jest/globals';
import type { Entry, History, Run, Sample } from '../history.ts';
import { drillHistory } from '../reporters/fixture.ts';
import { errorKind, foldSpans, timelineOf, type Span } from './timeline.ts';

const { run } = drillHistory();
const everyMs = 250;
const probe = { ...(run.probes[0] as Run['probes'][number]), name: 'door', everyMs };
const history = (entries: readonly Entry[], probes: Run['probes'] = [probe]): History => ({ run: { ...run, probes }, entries, status: 'completed' });

function look(seq: number, ok: boolean, more: Partial<Sample<'http'>> = {}): Sample {
  const started = seq * everyMs;
  return { kind: 'sample', at: started, says: 'http', probe: 'door', place: 'outside', seq, scheduled: started, started, ended: started + (ok ? 5 : everyMs), ok, error: ok ? null : 'timed out', data: ok ? { status: 200, servedBy: 'ap-northeast-2', connection: 'new', address: '10.1.0.10' } : null, ...more };
}
const looks = (pattern: string): Sample[] => [...pattern].map((sign, seq) => look(seq, sign === 'o'));
const short = (spans: readonly Span[]) => spans.map(({ from, to, state, looks: n, bad }) => [from, to, state, n, bad]);

describe('a lane of the time line', () => {
  test('alternates at the first look of the other kind and counts every look', () => {
    const [lane] = timelineOf(history(looks('ooooxxxoo')));
    expect(short(lane?.spans ?? [])).toEqual([[0, 1_000, 'good', 4, 0], [1_000, 1_750, 'bad', 3, 3], [1_750, 2_250, 'good', 2, 0]]);
    expect(lane?.spans[1]?.errors).toEqual({ 'timed out': 3 });
    expect([lane?.looks, lane?.bad]).toEqual([9, 3]);
  });

  test('tells apart who answered', () => {
    const moved = looks('oooo').map((sample, index) => index < 2 ? sample : { ...sample, data: { status: 200, servedBy: 'us-west-2', connection: 'new', address: '10.2.0.10' } } as Sample);
    expect(timelineOf(history(moved))[0]?.spans.map((span) => span.by)).toEqual(['ap-northeast-2', 'us-west-2']);
  });

  test('names the region behind a DNS answer by its address', () => {
    const names = { ...probe, says: 'dns' as const };
    const answer = { ...look(0, true), says: 'dns', data: { server: 'strict', addresses: ['10.2.0.10'], ttl: 60, rcode: 'NOERROR', ede: null } } as Sample;
    expect(timelineOf(history([answer], [names]))[0]?.spans[0]?.by).toBe('us-west-2');
  });

  test('a blind time is neither good nor bad, and only of its own place and probe', () => {
    const blind = { kind: 'blind', at: 1_500, probe: null, place: 'outside', from: 500, to: 1_500, why: 'no beat' } as const;
    const some = looks('oooooooo').filter((sample) => sample.started < 500 || sample.started >= 1_500);
    expect(short(timelineOf(history([...some, blind]))[0]?.spans ?? [])).toEqual([[0, 500, 'good', 2, 0], [500, 1_500, 'blind', 0, 0], [1_500, 2_000, 'good', 2, 0]]);
    expect(timelineOf(history([...looks('oooo'), { ...blind, place: 'us-west-2' }]))[0]?.spans.map((span) => span.state)).toEqual(['good']);
  });

  test('a hole nobody accounted for is drawn as blind, not bridged', () => {
    const some = looks('o'.repeat(20)).filter((sample) => sample.seq < 4 || sample.seq > 14);
    expect(short(timelineOf(history(some))[0]?.spans ?? [])).toEqual([[0, 1_000, 'good', 4, 0], [1_000, 3_750, 'blind', 0, 0], [3_750, 5_000, 'good', 5, 0]]);
  });

  test('stays small when a probe flaps for ten minutes, and loses no look', () => {
    const [lane] = timelineOf(history(looks('ox'.repeat(1_200))));
    expect(lane?.spans.length).toBeLessThanOrEqual(240);
    expect(lane?.spans.reduce((sum, span) => sum + span.looks, 0)).toBe(2_400);
    expect(lane?.spans.reduce((sum, span) => sum + span.bad, 0)).toBe(1_200);
    expect(lane?.spans.some((span) => span.state === 'mixed')).toBe(true);
  });

  test('folding keeps what is long and is the same spans where there are few', () => {
    const [lane] = timelineOf(history(looks('oooooooxoxoxoxoxoxooooooo')));
    const folded = foldSpans(lane?.spans ?? [], 4);
    expect(folded.map((span) => span.state)).toEqual(['good', 'mixed', 'good']);
    expect(foldSpans(folded, 4)).toEqual(folded);
  });
});

test('an error loses addresses and keeps what happened', () => {
  expect(errorKind(look(0, false, { error: 'connect ECONNREFUSED 10.1.0.11:3306' }))).toBe('connect ECONNREFUSED');
  expect(errorKind(look(0, false, { error: null, data: { status: 503, servedBy: null, connection: 'new', address: '' } }))).toBe('HTTP 503');
});
