import { describe, expect, test } from '@jest/globals';
import { story, watched } from './fixture.ts';
import { switches } from './switches.ts';

const authority = watched('names@authority-1', 'dns', 'dns', { params: { servers: ['authority-1'] } });
const here = '10.0.0.1';
const there = '10.0.0.2';

/** An authority's answers every 100 ms, one a letter: h and t for the regions, e for none, x for no answer. */
function told(answers: string, probes = [watched('front', 'http', 'http'), authority]) {
  const tale = story({ probes }).phase(0, 'baseline').phase(1_000, 'break').broken(1_000);
  [...answers].forEach((letter, index) => {
    const addresses = { h: [here], t: [there], e: [] }[letter];
    tale.look(index * 100, 'dns', authority.name, addresses === undefined ? null : { server: 'authority-1', addresses, ttl: 1, rcode: 'NOERROR', ede: null }, { ok: (addresses?.length ?? 0) > 0 });
  });
  return tale;
}

const judge = (tale: ReturnType<typeof told>, objective = {}) => switches.judge(tale.phase(9_000, 'quiesce').history(), objective);

describe('switches', () => {
  test('nothing moved: both are zero, and none was allowed', () => {
    const found = judge(told('h'.repeat(60)), { maxName: 0, maxDatabase: 0 });
    expect(found.measures.map(({ value }) => value)).toEqual([0, 0]);
    expect(found.ruling).toBe('pass');
    expect(found.because).toBe('The service\'s name did not move. The primary database did not move.');
  });

  test('every change of an authority\'s answer counts, also to nothing; silence does not', () => {
    const found = judge(told(`${'h'.repeat(15)}xxttttxxtthhhheeehhh`), { maxName: 3 });
    expect(found.measures[0]?.value).toBe(4);
    expect(found.ruling).toBe('fail');
    expect(found.because).toContain('moved 4 times (to there after 0.7');
    expect(found.because).toContain('to nowhere');
  });

  test('what moved before the fault, or once somebody asked for the way back, does not count', () => {
    const tale = told(`hth${'h'.repeat(20)}`).mark(500, 'pilot', 'promoted', 'there').mark(2_000, 'pilot', 'promoted', 'there').phase(3_000, 'rejoin').mark(3_500, 'pilot', 'promoted', 'here');
    expect(judge(tale).measures.map(({ value }) => value)).toEqual([0, 1]);
    expect(judge(tale).ruling).toBe('measured');
  });

  test('where no authority was asked, the load balancer\'s word is taken', () => {
    const tale = story().phase(0, 'baseline').phase(1_000, 'break').broken(1_000).mark(2_000, 'gslb', 'published', 'app.test', { addresses: [there] }).mark(2_100, 'gslb', 'published', 'db.test', { addresses: [there] });
    expect(switches.judge(tale.phase(9_000, 'quiesce').history(), {}).measures[0]?.value).toBe(1);
  });
});
