import { afterEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { engines, titleOf } from '../../../test/engines.ts';
import { makeArranged, startWitnesses, type Bed } from './testbed-fixture.ts';

let bed: Bed | undefined;
let witnesses: Awaited<ReturnType<typeof startWitnesses>> | undefined;
afterEach(async () => { await bed?.close(); witnesses?.close(); bed = undefined; witnesses = undefined; });
const value = async (rows: Promise<readonly Readonly<Record<string, string | null>>[]>) => Object.values((await rows)[0] ?? {})[0];

for (const engine of engines) (engine.cannotRun === null ? describe : describe.skip)(titleOf(engine, 'witnesses'), () => { // skipped aloud by titleOf
  const arranged = async () => (bed = await makeArranged(engine, async (databases) => {
    witnesses = await startWitnesses(2, databases);
    return { mode: 'async', witnesses: witnesses.named };
  }));

  test('the pilot and the replica lose the primary, the witnesses do not: nothing is promoted; and it is, when they lose it, too', async () => {
    const { a, b, line, lines } = await arranged();
    a.cut('pilot');
    a.cut('replica');
    const { subject, evidence } = await line('outvoted');
    expect([subject, evidence['witnesses']]).toEqual(['a', { needed: 2, of: 3, misses: ['pilot'], sees: ['w1', 'w2'], silent: [] }]);
    await sleep(2_000);
    expect(lines.filter(({ what }) => what === 'outvoted')).toHaveLength(1);
    expect(lines.some(({ what }) => ['declared dead', 'stopped', 'promoted'].includes(what))).toBe(false);
    expect([await value(a.sql('SELECT @@read_only')), await value(b.sql('SELECT @@read_only'))]).toEqual(['0', '1']);
    a.cut('witness');
    await line('verified', 'b');
    expect(lines.find(({ what }) => what === 'declared dead')?.evidence['witnesses']).toEqual({ needed: 2, of: 3, misses: ['pilot', 'w1', 'w2'], sees: [], silent: [] });
    expect(await value(b.sql('SELECT @@read_only'))).toBe('0');
  }, 60_000);

  test('a majority is enough, and a silent witness has no vote', async () => {
    const { a, line, lines } = await arranged();
    witnesses?.kill(0);
    a.signal('SIGKILL');
    await line('verified', 'b');
    expect(lines.find(({ what }) => what === 'declared dead')?.evidence['witnesses']).toEqual({ needed: 2, of: 3, misses: ['pilot', 'w2'], sees: [], silent: ['w1'] });
  }, 60_000);

  test('no quorum: nothing is decided, however dead the primary is', async () => {
    const { a, b, line, lines } = await arranged();
    witnesses?.kill(0);
    witnesses?.kill(1);
    a.signal('SIGKILL');
    expect((await line('no quorum')).evidence['witnesses']).toEqual({ needed: 2, of: 3, misses: ['pilot'], sees: [], silent: ['w1', 'w2'] });
    await sleep(2_000);
    expect(lines.some(({ what }) => ['declared dead', 'promoted'].includes(what))).toBe(false);
    expect(await value(b.sql('SELECT @@read_only'))).toBe('1');
  }, 60_000);

  test('a primary that accepts and answers nothing is seen by nobody', async () => {
    const { a, line } = await arranged();
    a.signal('SIGSTOP');
    await line('verified', 'b');
    a.signal('SIGCONT');
  }, 60_000);
});
