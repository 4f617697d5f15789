import { describe, expect, test } from '@jest/globals';
import { sayBitten, sayLook, type Fault, type Proof } from '../fault.ts';
import type { Levers, Undo } from '../world.ts';
import { readScenario } from '../scenario.ts';
import { resolveTopology } from '../scenario/system-file.ts';
import { flapping } from './flapping.ts';
import { gray } from './gray.ts';
import { linkCut } from './link-cut.ts';
import { nameOverwritten } from './name-overwritten.ts';
import { partOutage } from './part-outage.ts';
import { regionOutage } from './region-outage.ts';

const topology = resolveTopology(await readScenario('noop'));
const region = 'ap-northeast-2';
const database = { place: region, part: 'database' } as const;

/** What a fault pulls, as its levers hear it. */
async function pulled<P>(fault: Fault<P, any>, given: unknown): Promise<unknown[][]> {
  const calls: unknown[][] = [];
  const lever = (name: string) => async (...how: unknown[]): Promise<Undo> => { calls.push([name, ...how]); return { record: { id: '1', lever: 'cut', what: '', deadline: 0 }, heal: async () => {} }; };
  const levers = Object.fromEntries(['cut', 'kill', 'freeze', 'overwrite'].map((name) => [name, lever(name)])) as unknown as Levers;
  const undo = await fault.inject(levers, fault.params.parse(given), topology, 5_000);
  expect(undo).toHaveLength(calls.length);
  expect(fault.pulls?.(fault.params.parse(given), topology)).toHaveLength(calls.length);
  return calls;
}
const looks = <P>(fault: Fault<P, any>, given: unknown) => fault.proof(fault.params.parse(given), topology).map((proof: Proof) => `${sayLook(proof)}: ${sayBitten(proof)}`);

describe('region-outage', () => {
  test.each([['reject', 'reject', 'both'], ['one-way-in', 'drop', 'in'], ['one-way-out', 'drop', 'out']] as const)('%s is a cut from the rest', async (how, as, direction) => {
    expect(await pulled(regionOutage, { region, how })).toEqual([['cut', { place: region }, 'rest', { how: as, direction }, 5_000]]);
    const expected = how === 'reject' ? 'refused' : 'silent';
    expect(looks(regionOutage, { region, how }).every((look) => look.endsWith(`: ${expected}`))).toBe(true);
    expect(looks(regionOutage, { region, how })).toContain(`${region} -> control: ${expected}`);
  });
});

describe('link-cut', () => {
  test('clients from a region is proven from where clients look, and from within', () => {
    expect(looks(linkCut, { a: { place: 'outside', part: 'clients' }, b: { place: region } })).toEqual([`outside -> ${region}/app: silent`, `outside -> ${region}/database: silent`]);
  });

  test('the pilot from a database leaves from the pilot\'s own address', async () => {
    const given = { a: { place: 'outside', part: 'pilot' }, b: database };
    expect(looks(linkCut, given)).toEqual([`outside/pilot -> ${region}/database: silent`]);
    expect(await pulled(linkCut, given)).toEqual([['cut', given.a, given.b, { how: 'drop', direction: 'both' }, 5_000]]);
  });

  test('one of several is named, and looked at by its name', () => {
    expect(looks(linkCut, { a: { place: 'outside', part: 'checkers' }, b: { place: 'outside', part: 'authorities', only: 'authority-2' } })).toEqual(['outside/checkers -> outside/authority-2: silent']);
  });

  test('what is rejected on its way out is refused, what is rejected on its way back is silence', () => {
    const given = { a: { place: 'us-west-2', part: 'database' }, b: database, how: 'reject', direction: 'in' };
    expect(looks(linkCut, given)).toEqual([`us-west-2/database -> ${region}/database: silent`, `${region}/database -> us-west-2/database: refused`]);
  });

  test('a place from the rest is looked at from all the others', () => {
    expect(looks(linkCut, { a: { place: 'outside', part: 'pilot' }, b: 'rest' })).toEqual([region, 'us-west-2'].flatMap((one) => [`outside/pilot -> ${one}/app: silent`, `outside/pilot -> ${one}/database: silent`]));
  });
});

describe('part-outage', () => {
  test('stops the one part, and is seen from every other place', async () => {
    expect(await pulled(partOutage, { ...database, how: 'freeze' })).toEqual([['freeze', region, 'database', 5_000]]);
    expect(looks(partOutage, { ...database, how: 'freeze' })).toEqual([`outside -> ${region}/database: accepts-but-dead`, `us-west-2 -> ${region}/database: accepts-but-dead`]);
  });

  test('outside, each of several is looked at', async () => {
    expect(await pulled(partOutage, { place: 'outside', part: 'authorities', how: 'crash' })).toEqual([['kill', 'outside', 'authorities', 5_000]]);
    expect(looks(partOutage, { place: 'outside', part: 'authorities', how: 'crash' })).toEqual(['outside -> outside/authority-1: refused', 'outside -> outside/authority-2: refused']);
  });
});

describe('gray', () => {
  // (1 - 0.1)^2 = 0.81 of the connections find both of their first packets through: 0.81^33 = 0.00095, less than one in a thousand.
  test('is proven by so many connections that none could miss it by chance', async () => {
    expect(looks(gray, { region, sharePct: 10 })).toContain(`outside -> ${region}/app: silent or accepts-but-dead at least once in 33`);
    expect(looks(gray, { region, sharePct: 50 })).toContain(`outside -> ${region}/app: silent or accepts-but-dead at least once in 5`);
    expect(await pulled(gray, { region, sharePct: 10 })).toEqual([['cut', { place: region }, 'rest', { how: 'drop', direction: 'both', sharePct: 10 }, 5_000]]);
  });

  test('a share that is nothing or all is refused', () => {
    for (const sharePct of [0, 4, 96, 100]) expect(gray.params.safeParse({ region, sharePct }).success).toBe(false);
  });
});

describe('flapping and overwritten names', () => {
  test('a region goes and comes back by the lever itself', async () => {
    expect(await pulled(flapping, { region, gone: '15s', back: '10s' })).toEqual([['cut', { place: region }, 'rest', { how: 'drop', direction: 'both', flap: { onMs: 15_000, offMs: 10_000 } }, 5_000]]);
    expect(flapping.params.safeParse({ region, gone: '1s', back: '10s' }).success).toBe(false);
  });

  test('a name is overwritten at all authorities, and each is asked', async () => {
    expect(await pulled(nameOverwritten, { answer: 'empty' })).toEqual([['overwrite', 'empty', 5_000]]);
    expect(await pulled(nameOverwritten, { answer: region })).toEqual([['overwrite', { region }, 5_000]]);
    expect(looks(nameOverwritten, { answer: region })).toEqual([`outside asks authority-1: ${region}`, `outside asks authority-2: ${region}`]);
  });
});
