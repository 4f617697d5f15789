import { describe, expect, test } from '@jest/globals';
import { drillHistory } from '../reporters/fixture.ts';
import type { Entry, History, Sample } from '../history.ts';
import { seenBy } from './met.ts';

const base = drillHistory();
const probe = { ...(base.run.probes[0] as History['run']['probes'][number]), name: 'door' };
const fault = { ...(base.run.faults[0] as History['run']['faults'][number]), name: 'first' };

function look(started: number, error: string | null): Sample {
  return { kind: 'sample', at: started, says: 'http', probe: 'door', place: 'outside', seq: started, scheduled: started, started, ended: started + 10, ok: error === null, error, data: null };
}
const states = (name: string, from: number, to: number): Entry[] => [
  { kind: 'fault', at: from, name, state: 'injecting', evidence: [] }, { kind: 'fault', at: from + 20, name, state: 'injected', evidence: [] },
  { kind: 'fault', at: from + 60, name, state: 'proven', bittenAt: from + 50, evidence: [] }, { kind: 'fault', at: to, name, state: 'healing', evidence: [] },
];
const history = (entries: readonly Entry[]): History => ({ run: { ...base.run, probes: [probe], faults: [fault, { ...fault, name: 'second' }] }, entries, status: 'completed' });

describe('who saw a fault', () => {
  const looks = [look(900, 'before'), look(1_100, 'connect: ECONNREFUSED'), look(1_200, 'connect: ECONNREFUSED'), look(1_300, null), look(1_400, 'still connecting'), look(2_100, 'after')];

  test('counts each kind of error from the first certain bite to the heal, most frequent first', () => {
    const seen = seenBy(history([...states('first', 1_000, 2_000), ...looks]), 'first');
    expect(seen).toEqual({ from: 1_050, to: 2_000, beside: [], met: [{ probe: 'door', looks: 4, bad: 3, errors: [['connect: ECONNREFUSED', 2], ['still connecting', 1]] }] });
  });

  test('names the faults that bit beside it, and only those', () => {
    expect(seenBy(history([...states('first', 1_000, 2_000), ...states('second', 1_500, 3_000), ...looks]), 'first')?.beside).toEqual(['second']);
    expect(seenBy(history([...states('first', 1_000, 2_000), ...states('second', 2_500, 3_000), ...looks]), 'first')?.beside).toEqual([]);
  });

  test('is not known of a fault that was not proven', () => {
    expect(seenBy(history(looks), 'first')).toBeNull();
  });
});
