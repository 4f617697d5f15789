import { afterEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { engines, titleOf } from '../../../test/engines.ts';
import { makeArranged, type Bed } from './testbed-fixture.ts';
import { words } from './words-fixture.ts';

let bed: Bed | undefined;
afterEach(async () => { await bed?.close(); bed = undefined; });
const value = async (rows: Promise<readonly Readonly<Record<string, string | null>>[]>) => Object.values((await rows)[0] ?? {})[0];

for (const engine of engines) (engine.cannotRun === null ? describe : describe.skip)(titleOf(engine, 'who decides, and what must be fenced first'), () => { // skipped aloud by titleOf
  const arranged = async (settings: Record<string, unknown>) => (bed = await makeArranged(engine, settings));

  test('a person is asked first: nothing is promoted before the yes, and a primary that returns takes the question back', async () => {
    const { a, b, line, lines } = await arranged({ decide: 'manual', personMs: 3_000 });
    a.signal('SIGSTOP');
    await line('asked', 'b');
    await sleep(500);
    a.signal('SIGCONT');
    await line('cleared', 'a');
    expect(lines.some((one) => ['approved', 'stopped', 'promoted'].includes(one.what))).toBe(false);
    lines.length = 0;
    a.signal('SIGKILL');
    await line('verified', 'b');
    const said = lines.map((one) => one.what).filter((what) => ['declared dead', 'asked', 'approved', 'stopped', 'promoted'].includes(what));
    expect(said).toEqual(['declared dead', 'asked', 'approved', 'stopped', 'promoted']);
    const [asked, approved] = ['asked', 'approved'].map((what) => lines.find((one) => one.what === what)?.t ?? 0);
    expect((approved ?? 0) - (asked ?? 0)).toBeGreaterThanOrEqual(3_000);
    expect(await value(b.sql('SELECT @@read_only'))).toBe('0');
  }, 60_000);

  test('a runbook promotes in the pilot\'s stead, each of its steps told; one that fails is not run again', async () => {
    const { a, line, lines, told } = await arranged({ decide: 'runbook', runbook: `echo "step: look at $CANDIDATE"\n$CANDIDATE_CLIENT -e "SELECT 1"\necho "step: promote"\n$CANDIDATE_CLIENT -e "${words[engine.name].promote}"` });
    a.signal('SIGKILL');
    await line('verified', 'b');
    const said = lines.filter(({ what }) => ['declared dead', 'runbook began', 'runbook step', 'runbook ended', 'stopped', 'promoted'].includes(what)).map(({ what, subject }) => [what, subject]);
    expect(said).toEqual([['declared dead', 'a'], ['runbook began', 'b'], ['runbook step', 'look at b'], ['runbook step', 'promote'], ['runbook ended', 'b'], ['promoted', 'b']]);
    expect(told.at(-1)).toEqual({ asked: 'PUT /names/database', body: { addresses: ['127.0.0.12'] } });
    await bed?.close();
    const failing = await arranged({ decide: 'runbook', runbook: 'echo "step: the only one"\necho "the vault is sealed" >&2\nfalse' });
    failing.a.signal('SIGKILL');
    expect((await failing.line('gave up')).evidence['because']).toMatch(/runbook: exit 1: the vault is sealed/);
    await sleep(2_000);
    expect(failing.lines.filter(({ what }) => what === 'runbook began')).toHaveLength(1);
    expect(failing.lines.some(({ what }) => what === 'promoted')).toBe(false);
  }, 60_000);

  test('a lease: cut off, the old primary stops by itself, and nothing is promoted before it has', async () => {
    const { a, b, line, lines } = await arranged({ mode: 'async', fence: 'lease', leaseMs: 3_000 });
    const client = await a.inside();
    let number = 0;
    const write = () => client.ask('INSERT INTO shop.orders (number) VALUES (?)', [number += 1]);
    await write();
    await sleep(4_500); // longer than the lease: it is renewed
    await write();
    a.cut('pilot');
    a.cut('replica');
    let refusedAt = 0;
    for (const endsAt = performance.now() + 15_000; performance.now() < endsAt && refusedAt === 0; await sleep(50)) await write().catch((error: unknown) => { expect(String(error)).toMatch(/read-only/); refusedAt = Number(process.hrtime.bigint() / 1000n) / 1000; });
    expect(refusedAt).toBeGreaterThan(0);
    await line('verified', 'b');
    const promotedAt = lines.find(({ what }) => what === 'promoted')?.t ?? 0;
    expect(promotedAt).toBeGreaterThan(refusedAt);
    const said = lines.map(({ what }) => what).filter((what) => ['declared dead', 'lease awaited', 'lease over', 'promoted'].includes(what));
    expect(said).toEqual(['declared dead', 'lease awaited', 'lease over', 'promoted']);
    expect(await value(b.sql('SELECT @@read_only'))).toBe('0');
    client.end();
  }, 60_000);

  test('where fencing is required: nothing is promoted while the old primary cannot be told', async () => {
    const { a, b, line, lines } = await arranged({ mode: 'async', fence: 'require' });
    a.cut('pilot');
    a.cut('replica');
    expect((await line('gave up')).evidence['because']).toMatch(/a cannot be fenced, and without that nothing may be promoted/);
    await sleep(2_000);
    expect(lines.filter((one) => one.what === 'fence failed')).toHaveLength(1);
    expect(lines.some((one) => ['stopped', 'promoted'].includes(one.what))).toBe(false);
    expect(await value(b.sql('SELECT @@read_only'))).toBe('1');
  }, 60_000);
});
