import { expect, test } from '@jest/globals';
import { describeEmbedded } from '../../../test/embedded.ts';
import { drill } from '../../drill.ts';
import { embedded } from '../../providers/embedded/provider.ts';
import type { Provider } from '../../world.ts';
import { drillWith, duds, judgeDud } from './duds.ts';
import { loadMutated, type Mutation } from '../mutate.ts';

/** The same faults as on the simulated world, with real rules in a real kernel. */
const rules: Readonly<Record<'a rule on the wrong interface' | 'a rule after an accept', Mutation>> = {
  'a rule on the wrong interface': { file: 'providers/nft.ts', find: 'const pairs = `ip saddr . ip daddr @${set}`;', put: 'const pairs = `iifname "lo" ip saddr . ip daddr @${set}`;' },
  'a rule after an accept': { file: 'providers/nft.ts', find: '    ...chains.flatMap((chain) => acts.map(', put: '    ...chains.map((chain) => `add rule ${table} ${chain} counter accept comment "${set}"`),\n    ...chains.flatMap((chain) => acts.map(' },
};

describeEmbedded('faults that do nothing, on real programs', () => {
  test.each(Object.keys(rules) as (keyof typeof rules)[])('%s: inconclusive, and it says that nothing was seen to bite', async (name) => {
    const { embedded: provider } = await loadMutated<{ embedded: Provider }>('providers/embedded/provider.ts', rules[name]);
    const drilled = await drillWith(drill, 'smoke', name, undefined, provider);
    expect(judgeDud(duds[name], drilled)).toEqual([]);
    expect(drilled.history.entries.some((entry) => entry.kind === 'fault' && entry.state === 'injected')).toBe(true);
  }, 240_000);

  test.each(['a kill for a black hole', 'what is dead already', 'a heal that heals nothing'] as const)('%s: inconclusive, and it says why', async (name) => {
    expect(judgeDud(duds[name], await drillWith(drill, 'smoke', name, duds[name], embedded))).toEqual([]);
  }, 240_000);
});
