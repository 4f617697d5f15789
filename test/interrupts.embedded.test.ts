import { expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findHolders, inside } from '../src/providers/embedded/holder.ts';
import { routerNetns } from '../src/providers/embedded/network.ts';
import type { Entry } from '../src/history.ts';
import { regionfall } from './command.ts';
import { describeEmbedded } from './embedded.ts';

/** A folder for reports, and the holders of runs that wrote into it. */
async function openFolder() {
  const out = await mkdtemp(join(tmpdir(), 'regionfall-'));
  const runId = async () => (await readdir(out))[0] ?? '';
  const holders = async () => { const id = await runId(); return (await findHolders()).filter((holder) => holder.runId === id); };
  return { out, runId, holders, [Symbol.asyncDispose]: () => rm(out, { recursive: true }) };
}

/** A drill that goes on to its end however slow the machine is. */
const toBeStopped = join(import.meta.dirname, 'scenarios/to-be-stopped.yaml');

describeEmbedded('a drill that is stopped', () => {
  test.each(['network namespaces', '== stabilise', '== baseline', '== break', 'lose primary: proven', '== heal', '== rejoin', '== fail back', '== reconcile'])('by Ctrl-C at "%s" heals, leaves nothing, and exits 130', async (moment) => {
    await using folder = await openFolder();
    const command = regionfall(['run', toBeStopped, '--on', 'embedded', '--out', folder.out]);
    await command.hears(moment);
    command.child.kill('SIGINT');
    const { code, said } = await command.ended;
    expect({ code, said }).toMatchObject({ code: 130 });
    expect(await folder.holders()).toEqual([]);
    expect(await readdir(join(folder.out, await folder.runId(), 'undo')).catch(() => [])).toEqual([]);
    if (moment === 'lose primary: proven') {
      const states = (await readHistory(folder.out, await folder.runId())).filter((entry) => entry.kind === 'fault').map(({ state }) => state);
      expect(states).toContain('healed');
    }
  }, 180_000);

  test('by kill -9 during a cut: the cut ends by itself, and sweep leaves nothing', async () => {
    await using folder = await openFolder();
    const command = regionfall(['run', join(import.meta.dirname, 'scenarios/short-cut.yaml'), '--on', 'embedded', '--out', folder.out]);
    await command.hears('lose primary: proven');
    command.child.kill('SIGKILL');
    await command.ended;
    const [holder] = await folder.holders();
    if (!holder) throw new Error('the world ended with the harness, so nothing was shown');
    const cuts = async () => (await inside(holder, routerNetns).run(['nft', 'list', 'ruleset'])).stdout;
    expect(await cuts()).toMatch(/expires/);
    const undo = await readdir(join(folder.out, await folder.runId(), 'undo'));
    expect(undo).toHaveLength(1);
    for (let waited = 0; waited < 60 && /expires/.test(await cuts()); waited++) await new Promise((resolve) => { setTimeout(resolve, 500); });
    expect(await cuts()).not.toMatch(/expires/);
    const swept = await regionfall(['sweep']).ended;
    expect(swept).toMatchObject({ code: 0 });
    expect(swept.said).toContain(await folder.runId());
    expect(await folder.holders()).toEqual([]);
    expect((await regionfall(['sweep']).ended).said).toContain('nothing was left behind');
  }, 180_000);
});

async function readHistory(out: string, runId: string): Promise<Entry[]> {
  return (await readFile(join(out, runId, 'history.jsonl'), 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as Entry);
}
