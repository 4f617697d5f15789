import { describe, expect, test } from '@jest/globals';
import { wrong } from '../scenario/yaml-file.ts';
import type { Provider, Shortfall } from '../world.ts';
import { chooseProvider, refusalOf } from './choose.ts';

const world = (name: string, shortfalls: readonly Shortfall[] = []) => ({ name, shortfalls: async () => shortfalls }) as unknown as Provider;
const worlds = (...lacking: readonly Shortfall[]) => [world('kind', lacking), world('embedded'), world('sim')];

describe('the world that nobody named', () => {
  test('is real clusters where an engine answers, and it says so', async () => {
    const { provider, because } = await chooseProvider(undefined, undefined, worlds());
    expect(provider.name).toBe('kind');
    expect(because).toContain('a container engine answers');
    expect(because).toContain('--on embedded');
  });

  test('is the embedded one where none does, and it says why', async () => {
    const { provider, because } = await chooseProvider(undefined, undefined, worlds({ what: 'no container engine answers: no such socket', mend: null }));
    expect(provider.name).toBe('embedded');
    expect(because).toContain('no container engine answers: no such socket');
  });

  test('is real clusters although a package is missing that a command brings', async () => {
    expect((await chooseProvider(undefined, undefined, worlds({ what: 'openssl: not there', mend: 'apt-get install openssl' }))).provider.name).toBe('kind');
  });

  test('is the embedded one for a scenario that clusters cannot run', async () => {
    const { provider, because } = await chooseProvider(undefined, async ({ name }) => (name === 'kind' ? 'the kind world cannot overwrite' : null), worlds());
    expect(provider.name).toBe('embedded');
    expect(because).toContain('the kind world cannot overwrite');
  });
});

test('a world that is named is taken, whatever it lacks; one that is not there is an error with a hint', async () => {
  expect(await chooseProvider('sim', undefined, worlds())).toMatchObject({ provider: { name: 'sim' }, because: 'as asked' });
  expect((await chooseProvider('kind', undefined, worlds({ what: 'no container engine answers', mend: null }))).provider.name).toBe('kind');
  await expect(chooseProvider('embeded', undefined, worlds())).rejects.toMatchObject({ problems: [{ message: 'there is no world "embeded"', hint: expect.stringContaining('embedded') }] });
});

test('why a plan cannot be made is its first problem; a bug is no reason', async () => {
  expect(await refusalOf(async () => 'a plan')).toBeNull();
  expect(await refusalOf(async () => { throw wrong([{ message: 'the first' }, { message: 'the second' }]); })).toBe('the first');
  await expect(refusalOf(async () => { throw new TypeError('a bug'); })).rejects.toThrow('a bug');
});
