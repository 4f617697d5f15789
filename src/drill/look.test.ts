import { describe, expect, test } from '@jest/globals';
import type { Reach } from '../seen.ts';
import { readScenario } from '../scenario.ts';
import { resolveTopology } from '../scenario/system-file.ts';
import { look } from './look.ts';
import type { Stage } from './stage.ts';

const topology = resolveTopology(await readScenario('noop'));
const [one, other] = ['ap-northeast-2', 'us-west-2'] as const;
const addresses = { [one]: '10.1.0.10', [other]: '10.2.0.10' };

/** A stage whose connections fare as told, one after another (then ok), and whose authorities answer as told. */
function stage(fares: readonly Reach[], answer: readonly string[] | null = [], rcode = 'NOERROR'): Stage & { readonly taken: () => number } {
  let taken = 0;
  const senses = {
    reach: async () => ({ to: '', reach: fares[taken++] ?? 'ok' }),
    resolve: async () => { if (answer === null) throw new Error('still resolving'); return { server: '', addresses: answer, ttl: 1, rcode, ede: null }; },
  };
  return { run: { topology, addresses }, world: { clock: { now: () => 0 }, from: () => senses }, taken: () => taken } as unknown as Stage & { taken: () => number };
}

describe('a proof look by connections', () => {
  const proof = { from: 'outside', to: { place: one, part: 'app' }, bitten: ['silent'] } as const;

  test('is ok, bitten, or neither: another trouble is no proof', async () => {
    expect(await look(stage([]), proof)).toMatchObject({ is: 'ok', saw: 'ok' });
    expect(await look(stage(['silent']), proof)).toMatchObject({ is: 'bitten', saw: 'silent' });
    expect(await look(stage(['refused']), proof)).toMatchObject({ is: 'neither', saw: 'refused' });
  });

  test('of several the first that is not ok counts, and only all together are ok', async () => {
    const many = { ...proof, looks: 12 };
    expect(await look(stage([]), many)).toMatchObject({ is: 'ok', saw: 'ok (all of 12)' });
    const on = stage(['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'silent']);
    expect(await look(on, many)).toMatchObject({ is: 'bitten', saw: 'silent (connection 7 of 12)' });
    expect(on.taken()).toBe(10); // five at a time, and none after the one that shows it
    const all = stage([]);
    await look(all, many);
    expect(all.taken()).toBe(12);
  });
});

describe('a proof look at a name', () => {
  const empty = { from: 'outside', server: 'authority-1', bitten: 'empty' } as const;
  const older = { from: 'outside', server: 'authority-1', bitten: { region: one } } as const;

  test('is bitten by no address, or by the address of a region', async () => {
    expect(await look(stage([], []), empty)).toMatchObject({ is: 'bitten', saw: 'empty' });
    expect(await look(stage([], ['10.1.0.10']), older)).toMatchObject({ is: 'bitten', saw: one });
  });

  test('is ok with any other answer, and neither where there is none', async () => {
    expect(await look(stage([], ['10.2.0.10']), empty)).toMatchObject({ is: 'ok', saw: other });
    expect(await look(stage([], ['10.2.0.10']), older)).toMatchObject({ is: 'ok', saw: other });
    expect(await look(stage([], [], 'SERVFAIL'), empty)).toMatchObject({ is: 'neither', saw: 'SERVFAIL' });
    expect(await look(stage([], null), older)).toMatchObject({ is: 'neither', saw: 'no answer' });
  });
});
