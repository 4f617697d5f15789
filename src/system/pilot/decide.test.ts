import { describe, expect, test } from '@jest/globals';
import { blank, decide, type Look, type Memory, type Verdict } from './decide.ts';
import type { Link, Standing } from './dialect.ts';

const limits = { misses: 3, netTimeoutMs: 1_000 };
const standing: Standing = { server: '1', writable: true, position: '0-1-9', past: '0-1-9', asksForAcks: false, ackers: 0, waiting: 0 };
const link = (change: Partial<Link> = {}): Link => ({ source: 'a:1', sourceServer: '1', receiving: true, receivingState: 'Yes', progress: 'p0', received: '0-1-9', applying: true, broken: false, givesAcks: false, writable: false, error: null, ...change });
const seen = (at: number, replica: Look['replica']): Look => ({ at, primary: { ok: true, error: null, standing }, replica });
const missed = (at: number, replica: Look['replica']): Look => ({ at, primary: { ok: false, error: 'timed out', standing: null }, replica });
const hears = (progress: string) => ({ link: link({ progress }), error: null });

function decideAll(looks: readonly Look[]): { memory: Memory; verdicts: Verdict['is'][] } {
  let memory = blank;
  const verdicts = looks.map((look) => { const next = decide(memory, look, limits); memory = next.memory; return next.verdict.is; });
  return { memory, verdicts };
}

describe('dead needs both facts', () => {
  test('missed three times, replica not receiving: dead at the third', () => {
    const gone = { link: link({ receiving: false }), error: null };
    expect(decideAll([seen(0, hears('p1')), missed(300, gone), missed(600, gone), missed(900, gone)]).verdicts).toEqual(['well', 'suspected', 'suspected', 'dead']);
  });

  test('missed for ever, replica goes on receiving heartbeats: not dead', () => {
    const looks = Array.from({ length: 40 }, (_, k) => missed(k * 300, hears(`p${k}`)));
    expect(new Set(decideAll(looks).verdicts.slice(2))).toEqual(new Set(['spared']));
  });

  test('replica cut off for ever, primary seen: not dead', () => {
    const cut = { link: link({ receiving: false, error: 'connecting' }), error: null };
    expect(new Set(decideAll(Array.from({ length: 40 }, (_, k) => seen(k * 300, cut))).verdicts)).toEqual(new Set(['well']));
  });

  test('a link that says Yes but has brought nothing for netTimeout receives nothing', () => {
    const still = hears('p1');
    expect(decideAll([seen(0, still), missed(300, still), missed(600, still), missed(900, still), missed(1_001, still)]).verdicts).toEqual(['well', 'suspected', 'suspected', 'spared', 'dead']);
  });
});

describe('what is not known is not death', () => {
  test('a replica that cannot be asked', () => {
    const looks = Array.from({ length: 5 }, (_, k) => missed(k * 300, { link: undefined, error: 'no answer' }));
    expect(decideAll(looks).verdicts.at(-1)).toBe('unknown');
  });

  test('a replica that follows nobody, and none at all', () => {
    expect(decideAll(Array.from({ length: 3 }, (_, k) => missed(k, { link: null, error: null }))).verdicts.at(-1)).toBe('unknown');
    expect(decideAll(Array.from({ length: 3 }, (_, k) => missed(k, null))).verdicts.at(-1)).toBe('unknown');
  });
});

test('one look that sees the primary starts the row anew, and its standing is kept', () => {
  const gone = { link: link({ receiving: false }), error: null };
  const { memory, verdicts } = decideAll([missed(0, gone), missed(300, gone), seen(600, gone), missed(900, gone), missed(1_200, gone)]);
  expect(verdicts).toEqual(['suspected', 'suspected', 'well', 'suspected', 'suspected']);
  expect(memory).toMatchObject({ misses: 2, missedSince: 900, standing });
});
