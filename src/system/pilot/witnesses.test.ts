import { expect, test } from '@jest/globals';
import { countVotes, type Voted } from './witnesses.ts';

const votes = (text: string): Voted[] => [...text].map((letter, index) => ({ name: `w${index}`, vote: ({ s: 'sees', m: 'misses', '-': 'silent' } as const)[letter as 's'], because: null }));

test.each([
  // The pilot's own miss is one vote of all: half is not enough.
  ['m', 'dead'], ['s', 'outvoted'], ['-', 'no quorum'],
  ['mm', 'dead'], ['ms', 'dead'], ['m-', 'dead'], ['ss', 'outvoted'], ['s-', 'outvoted'], ['--', 'no quorum'],
  ['mss', 'outvoted'], ['mms', 'dead'], ['m--', 'no quorum'], ['ms-', 'outvoted'],
  ['mmss', 'dead'], ['msss', 'outvoted'], ['m---', 'no quorum'], ['mm--', 'dead'], ['s---', 'no quorum'],
] as const)('the pilot misses it, and its witnesses say %s: %s', (said, is) => {
  expect(countVotes(votes(said)).is).toBe(is);
});

test('the evidence names who said what', () => {
  expect(countVotes(votes('ms-')).evidence).toEqual({ needed: 3, of: 4, misses: ['pilot', 'w0'], sees: ['w1'], silent: ['w2'] });
});
