import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { explainPlan, planFile } from '../plan.ts';
import type { Offer } from './bind.ts';
import { able, brief, catalogue, changed, example, fileOf, problemsOf } from './fixture.ts';

const crowded: Offer = { ...able, senses: new Set([...able.senses, 'crowd'] as const) };
const entry = 'shoppers: { probe: k6, from: outside, every: 50ms, timeout: 250ms, with: { script: shop.js } }';

/** A scenario with a script beside it. */
function written(text: string, script = 'export default function () {}'): string {
  const path = fileOf(text);
  writeFileSync(join(dirname(path), 'shop.js'), script);
  return path;
}
const withEntry = (line = entry): string => changed('names:', `${line}\n  names:`);
const plan = (path: string, offer = crowded) => planFile(path, catalogue, offer);
const refused = (text: string, offer = crowded) => problemsOf(() => plan(written(text), offer));

describe('a probe by a program', () => {
  test('is bound with its script and the digest of it, and is not taken for the reference client', async () => {
    const made = await plan(written(withEntry(), 'export default function () { /* shop */ }'));
    expect(made.probes[1]).toEqual({
      name: 'shoppers', kind: 'k6', place: 'outside', everyMs: 50, timeoutMs: 250, script: 'export default function () { /* shop */ }',
      params: { script: 'shop.js', clients: 20, target: 'service', resolver: 'strict', connections: 'new', digest: expect.stringMatching(/^[0-9a-f]{16}$/) },
    });
    expect(made.client.probes).toEqual(['front door', 'writer']);
    expect(explainPlan(made)).toContain(`digest: ${String(made.probes[1]?.params['digest'])}`);
    expect(explainPlan(made)).not.toContain('/* shop */');
  });

  test('another script is another scenario, and none is none', async () => {
    const hash = async (path: string) => (await plan(path)).hashes.scenario;
    const one = await hash(written(withEntry()));
    expect(await hash(written(withEntry()))).toBe(one);
    expect(await hash(written(withEntry(), 'export default function () { }'))).not.toBe(one);
    expect(await hash(written(example))).toBe((await planFile(fileOf(example), catalogue, able)).hashes.scenario);
  });

  test.each<[string, string, RegExp, RegExp, Offer?]>([
    ['a script that is not there', withEntry(entry.replace('shop.js', 'shp.js')), /^11: the script shp.js cannot be read: ENOENT$/, /folder of the scenario/],
    ['too few clients', withEntry(entry.replace('shop.js', 'shop.js, clients: 5')), /^11: watch > shoppers: 5 clients are too few: when nothing answers, 6 are under way/, /clients: 6 or more/],
    ['the reference client', changed('connections: new }', 'connections: new, probes: [shoppers, writer] }', withEntry()), /^4: "shoppers" cannot be the reference client/, /http probe/],
    ['a world that has none', withEntry(), /^11: the able world cannot crowd, which a k6 probe needs/, /another world/, able],
    ['a region, where there is one outside only', withEntry(entry.replace('outside', 'us-west-2')), /^11: the able world cannot crowd from a region, which a k6 probe needs$/, /look from outside/, { ...crowded, outsideOnly: new Set(['crowd'] as const) }],
  ])('%s is refused', async (_what, text, message, hint, offer = crowded) => {
    const problems = await refused(text, offer);
    expect(brief(problems)).toEqual([expect.stringMatching(message)]);
    expect(problems[0]?.hint).toMatch(hint);
  });

  test('is left out, aloud, where the scenario wants it in another world only', async () => {
    const line = entry.replace(', with:', ', worlds: [kind], with:');
    const kind: Offer = { ...crowded, name: 'kind' };
    expect((await plan(written(withEntry(line)), kind)).leftOut).toEqual([]);
    const elsewhere = await plan(fileOf(withEntry(line)), able);
    expect(elsewhere.leftOut).toEqual(['shoppers']);
    expect(elsewhere.probes.map(({ name }) => name)).not.toContain('shoppers');
    expect(explainPlan(elsewhere)).toContain('shoppers: left out, for the scenario does not watch with it in the able world');
    const gated = changed('probe: front door, min', 'probe: shoppers, min', withEntry(line));
    expect(brief(await problemsOf(() => plan(fileOf(gated), able)))).toEqual(['8: there is no watched probe "shoppers"']);
    expect(brief(await refused(withEntry(entry.replace(', with:', ', worlds: [knid], with:'))))).toEqual([expect.stringMatching(/^11: watch > shoppers > worlds > #1: "knid" should be kind or embedded or sim$/)]);
  });

  test('a script that is too long is refused', async () => {
    const problems = await problemsOf(() => plan(written(withEntry(), `//${'x'.repeat(300_000)}`)));
    expect(brief(problems)).toEqual([expect.stringMatching(/^11: the script shop.js is larger than 256 KiB$/)]);
  });
});
