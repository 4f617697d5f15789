import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lackingForScripts } from '../src/agent/k6/needs.ts';
import type { Entry, Sample } from '../src/history.ts';
import { findHolders, inside as insideOf } from '../src/providers/embedded/holder.ts';
import { embedded } from '../src/providers/embedded/provider.ts';
import { shipped } from '../src/shipped.ts';
import type { BoundProbe } from '../src/world.ts';
import { lever, openGround, type Ground } from './contract/ground.ts';
import { describeEmbedded } from './embedded.ts';

const script = await readFile(`${shipped('scenarios')}/k6/shoppers.js`, 'utf8');
const shoppers: BoundProbe = { name: 'shoppers', kind: 'k6', place: 'outside', everyMs: 50, timeoutMs: 250, params: { script: 'k6/shoppers.js', target: 'service' }, script };
const front: BoundProbe = { name: 'front', kind: 'http', place: 'outside', everyMs: 50, timeoutMs: 50, params: { path: '/orders' } };

const lacking = await lackingForScripts([shoppers]);
if (lacking.length > 0) process.stderr.write(`\nSKIPPED: k6 in the embedded world: ${lacking.map(({ what, mend }) => `${what}\n  mend: ${mend}`).join('; ')}\n`);

const samplesOf = (entries: readonly Entry[], probe: string) => entries.filter((entry): entry is Sample<'http'> => entry.kind === 'sample' && entry.probe === probe);

(lacking.length === 0 ? describeEmbedded : describe.skip)('k6 in the embedded world', () => { // skipped aloud just above
  let ground: Ground;
  const everyK6 = async (act: string): Promise<string> => {
    const holder = (await findHolders()).find(({ runId }) => runId === ground.runId);
    if (!holder) throw new Error('the world has no holder');
    return (await insideOf(holder).run(['sh', '-c', `for at in /proc/[0-9]*; do if [ "$(cat $at/comm)" = k6 ]; then ${act}; fi; done`], { timeoutMs: 5_000 })).stdout;
  };
  beforeAll(async () => { ground = await openGround(embedded, 'async'); }, 120_000);
  afterAll(async () => { await ground?.close(); }, 30_000);

  test('asks the drill\'s resolver for the service, and fares as an http probe beside it does, through a cut and after it', async () => {
    const { world, primary } = ground;
    const entries: Entry[] = [];
    const inside: BoundProbe = { ...shoppers, name: 'inside', place: primary, params: { ...shoppers.params, target: { place: primary, part: 'app' } } };
    const { stop } = await world.watch([shoppers, front, inside], (entry) => entries.push(entry));
    const warmFrom = world.clock.now() + 1_000; // the first who ask a new world wait longer
    await world.clock.sleep(4_000);
    const cutFrom = world.clock.now();
    const undo = await lever(ground, 'cut')({ place: primary }, 'rest', { how: 'drop', direction: 'both' }, 20_000);
    await world.clock.sleep(1_500);
    const cutTo = world.clock.now();
    await undo.heal();
    await world.clock.sleep(2_000);
    await stop();

    const theirs = samplesOf(entries, 'shoppers');
    expect(theirs.length).toBeGreaterThan(80);
    expect(theirs.map(({ seq }) => seq)).toEqual(theirs.map((_, index) => index));
    const before = theirs.filter(({ started, ended }) => started > warmFrom && ended < cutFrom);
    const trouble = (probe: string) => samplesOf(entries, probe).filter(({ ok, started, ended }) => !ok && started > warmFrom && ended < cutFrom);
    expect([trouble('shoppers'), trouble('front')]).toEqual([[], []]);
    expect(new Set(before.map(({ data }) => `${data?.address} ${data?.connection} ${data?.status}`))).toEqual(new Set([`${world.addressOf(primary)} new 200`]));
    const during = theirs.filter(({ started }) => started > cutFrom + 200 && started < cutTo - 300);
    expect(during.length).toBeGreaterThan(10);
    expect(new Set(during.map(({ error }) => error))).toEqual(new Set(['timed out: request timeout']));
    expect(theirs.at(-1)?.ok).toBe(true);
    expect(samplesOf(entries, 'inside').filter(({ ok }) => !ok)).toEqual([]);

    const firstBad = (probe: string) => samplesOf(entries, probe).filter(({ ok, started }) => !ok && started > cutFrom - 250).sort((a, b) => a.started - b.started)[0]?.started ?? Number.NaN;
    expect(Math.abs(firstBad('shoppers') - firstBad('front'))).toBeLessThan(150);
    expect(entries.filter(({ kind }) => kind === 'blind')).toEqual([]);
    expect(await everyK6('echo $at')).toBe('');
  }, 60_000);

  test('is blind when it is killed, and says so until the stop', async () => {
    const { world } = ground;
    const entries: Entry[] = [];
    const brief: BoundProbe = { ...shoppers, name: 'brief', script: 'import http from "k6/http"; import exec from "k6/execution"; export default function () { http.get(`${__ENV.TARGET}/orders`, { timeout: __ENV.TIMEOUT }); if (exec.scenario.iterationInTest === 3) throw new Error("enough"); }' };
    const { stop } = await world.watch([brief], (entry) => entries.push(entry));
    await world.clock.sleep(1_000);
    await everyK6('kill -9 ${at#/proc/}');
    await world.clock.sleep(2_000);
    const stoppedAt = world.clock.now();
    await stop();
    const blind = entries.filter((entry) => entry.kind === 'blind');
    expect(blind[0]).toMatchObject({ probe: 'brief', place: 'outside', why: expect.stringMatching(/^k6 has gone: /) });
    expect((blind.at(-1)?.to ?? 0) - stoppedAt).toBeGreaterThan(-50);
    expect((blind.at(-1)?.to ?? 0) - (blind[0]?.from ?? 0)).toBeGreaterThan(1_900);
    expect(entries.some((entry) => entry.kind === 'note' && entry.text.startsWith('brief: k6: Error: enough'))).toBe(true);
  }, 60_000);

  test('a resolver that is not there is refused when watching begins', async () => {
    await expect(ground.world.watch([{ ...shoppers, name: 'lost', params: { ...shoppers.params, resolver: 'nobody' } }], () => {})).rejects.toThrow('no address is known for the name server nobody');
  }, 30_000);
});
