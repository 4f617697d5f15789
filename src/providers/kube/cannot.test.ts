import { describe, expect, test } from '@jest/globals';
import type { Cut, Side } from '../../world.ts';
import { cannot } from './cannot.ts';

const region = 'ap-northeast-2';
const cut = (a: Side, b: Side, how: Partial<Cut> = {}) => cannot({ lever: 'cut', a, b, how: { how: 'drop', direction: 'both', ...how } });

describe('what a world of clusters cannot pull', () => {
  test('regions, and their databases and apps, can be cut in every way but to and fro', () => {
    expect(cut({ place: region }, 'rest', { how: 'reject' })).toBeNull();
    expect(cut({ place: region }, 'rest', { direction: 'in', sharePct: 10 })).toBeNull();
    expect(cut({ place: region, part: 'database' }, { place: 'us-west-2', part: 'database' })).toBeNull();
    expect(cut({ place: 'outside', part: 'clients' }, { place: region })).toBeNull();
    expect(cut({ place: region }, 'rest', { flap: { onMs: 1_000, offMs: 1_000 } })).toContain('come and go');
  });

  test('what stands outside is out of reach', () => {
    expect(cut({ place: 'outside', part: 'pilot' }, { place: region, part: 'database' })).toContain('cannot look from the pilot of outside');
    expect(cut({ place: 'outside', part: 'checkers' }, { place: 'outside', part: 'authorities', only: 'authority-2' })).toContain('outside from each other');
    expect(cannot({ lever: 'freeze', place: 'outside', part: 'pilot' })).toContain('cannot freeze the pilot of outside');
  });

  test('an app and a database can be stopped, a resolver cannot', () => {
    expect(cannot({ lever: 'freeze', place: region, part: 'database' })).toBeNull();
    expect(cannot({ lever: 'kill', place: region, part: 'all' })).toBeNull();
    expect(cannot({ lever: 'kill', place: region, part: 'resolver' })).toContain('cannot kill the resolver');
  });
});
