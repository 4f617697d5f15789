import { describe, expect, test } from '@jest/globals';
import { sayBitten } from '../fault.ts';
import type { Levers, Undo } from '../world.ts';
import { resolveTopology } from '../scenario/system-file.ts';
import { readScenario } from '../scenario.ts';
import { regionOutage } from './region-outage.ts';
import { replicationCut } from './replication-cut.ts';

const topology = resolveTopology(await readScenario('noop'));
const region = 'ap-northeast-2';

/** Levers that only write down how they were pulled; `failAt` makes that pull fail. */
function levers(failAt = Number.POSITIVE_INFINITY): { readonly pulls: unknown[][]; readonly healed: number[]; readonly pull: Levers } {
  const pulls: unknown[][] = [];
  const healed: number[] = [];
  const pulled = (lever: 'cut' | 'kill' | 'freeze' | 'stall' | 'sever' | 'overwrite') => async (...how: unknown[]): Promise<Undo> => {
    if (pulls.length >= failAt) throw new Error('it is stuck');
    const id = pulls.push([lever, ...how]);
    return { record: { id: `${id}`, lever, what: '', deadline: 0 }, heal: async () => { healed.push(id); } };
  };
  return { pulls, healed, pull: { cut: pulled('cut'), kill: pulled('kill'), freeze: pulled('freeze'), stall: pulled('stall'), sever: pulled('sever'), overwrite: pulled('overwrite') } };
}

describe('region-outage', () => {
  test.each([
    ['black-hole', ['cut', { place: region }, 'rest', { how: 'drop', direction: 'both' }, 5_000]],
    ['crash', ['kill', region, 'all', 5_000]],
    ['freeze', ['freeze', region, 'all', 5_000]],
  ] as const)('%s pulls one lever, for its time', async (how, expected) => {
    const { pulls, pull } = levers();
    const undo = await regionOutage.inject(pull, { region, how }, topology, 5_000);
    expect(pulls).toEqual([expected]);
    expect(undo).toHaveLength(1);
    expect(typeof regionOutage.needs === 'function' ? regionOutage.needs({ region, how }) : []).toEqual([expected[0]]);
  });

  test('a black hole is proven from outside and from the other region, on both parts, and from within', () => {
    expect(regionOutage.proof({ region, how: 'black-hole' }, topology)).toEqual([
      { from: 'outside', to: { place: region, part: 'app' }, bitten: ['silent'] },
      { from: 'outside', to: { place: region, part: 'database' }, bitten: ['silent'] },
      { from: 'us-west-2', to: { place: region, part: 'app' }, bitten: ['silent'] },
      { from: 'us-west-2', to: { place: region, part: 'database' }, bitten: ['silent'] },
      { from: region, to: 'control', bitten: ['silent'] },
    ]);
  });

  test('a crash is refused, a freeze is accepted and dead, and neither says anything of the way out', () => {
    for (const [how, reach] of [['crash', 'refused'], ['freeze', 'accepts-but-dead']] as const) {
      const looks = regionOutage.proof({ region, how }, topology);
      expect(looks).toHaveLength(4);
      expect(looks.every((look) => look.from !== region && sayBitten(look) === reach)).toBe(true);
    }
  });

  test('black holes of two regions share the link between them; crashes of two regions share nothing', () => {
    const touched = (one: string, how: 'black-hole' | 'crash') => regionOutage.touches({ region: one, how }, topology);
    expect(touched(region, 'black-hole').filter((thing) => touched('us-west-2', 'black-hole').includes(thing))).toEqual(['the link ap-northeast-2 <-> us-west-2']);
    expect(touched(region, 'crash').filter((thing) => touched('us-west-2', 'crash').includes(thing))).toEqual([]);
    expect(touched(region, 'black-hole')).toContain('the link ap-northeast-2 <-> outside');
  });
});

describe('replication-cut', () => {
  test('cuts database from database, and nothing else, whichever end is named', async () => {
    for (const params of [{}, { region }, { region: 'us-west-2' }]) {
      const { pulls, pull } = levers();
      await replicationCut.inject(pull, params, topology, 5_000);
      expect(pulls).toHaveLength(1);
      expect(pulls[0]?.slice(1, 3)).toEqual(expect.arrayContaining([{ place: region, part: 'database' }, { place: 'us-west-2', part: 'database' }]));
      expect(replicationCut.touches(params, topology)).toEqual(['the replication path ap-northeast-2 <-> us-west-2']);
    }
  });

  test('is proven from the databases\' own addresses, both ways', () => {
    expect(replicationCut.proof({}, topology)).toEqual([
      { from: region, as: 'database', to: { place: 'us-west-2', part: 'database' }, bitten: ['silent'] },
      { from: 'us-west-2', as: 'database', to: { place: region, part: 'database' }, bitten: ['silent'] },
    ]);
  });

  test('a pull that fails takes back the ones before it', async () => {
    const three = { ...topology, regions: [...topology.regions, { name: 'eu-west-1', role: 'standby' as const }] };
    const { pulls, healed, pull } = levers(1);
    await expect(replicationCut.inject(pull, {}, three, 5_000)).rejects.toThrow('it is stuck');
    expect([pulls.length, healed]).toEqual([1, [1]]);
  });
});
