import assert from 'node:assert/strict';
import type { UpdateSeen, WriteSeen } from '../../src/seen.ts';
import type { Undo } from '../../src/world.ts';
import { append, census, eventually, expectReach, fresh, lever, look, type Article, type Ground } from './ground.ts';

const never = new AbortController().signal;
/** Far longer than any check lasts. */
const longMs = 300_000;
const drop = { how: 'drop', direction: 'both' } as const;
/** TCP tries a connection that stopped moving again after up to as long as it had stood. */
const reunitedMs = 60_000;
const held = new WeakMap<Ground, Undo>();

/** What every world keeps where both regions are active. The articles are one story, told in order. */
export const servingBoth: readonly Article[] = [
  { says: 'a name with weights is answered with one address at a time, about as often as they say', check: answersByWeight },
  { says: 'both regions take writes, each has what the other took, and there is nothing to move', check: takesBoth },
  { says: 'an active region that is lost is left out of the answers, and both go on taking writes', check: leavesOut },
  { says: 'after the heal each active region has what the other took meanwhile, with nobody\'s doing', check: comesTogether },
  { says: 'what both active regions changed in one row is swapped between them, and stays so', check: swaps },
];

async function answers(ground: Ground, times: number): Promise<string[]> {
  const { topology } = ground.world;
  const seen: string[] = [];
  for (let asked = 0; asked < times; asked += 1) {
    const server = topology.authorities[asked % topology.authorities.length] ?? '';
    const { addresses } = await look(ground, 'outside', 'resolve', (resolve, signal) => resolve(topology.names.service, server, signal));
    assert.equal(addresses.length, 1, `${addresses.length} addresses in one answer`);
    seen.push(addresses[0] ?? '');
  }
  return seen;
}

async function answersByWeight(ground: Ground): Promise<void> {
  const { world, primary, standby } = ground;
  const seen = await answers(ground, 200);
  const first = seen.filter((address) => address === world.addressOf(primary)).length;
  assert.equal(first + seen.filter((address) => address === world.addressOf(standby)).length, 200);
  // 120 of 200 are expected; fewer than 85 or more than 155 is no chance (p < 1e-6).
  assert.ok(first >= 85 && first <= 155, `${first} of 200 answers were ${primary}, whose weight is 60 of 100`);
}

const toApp = (ground: Ground, region: string, writer: string, number = 1): Promise<WriteSeen> => (
  look(ground, region, 'append', (sense, signal) => sense({ place: region, part: 'app' }, { writer, number, attempt: 1 }, fresh, 'app', signal)));
const has = async (ground: Ground, region: string, writers: readonly string[]) => {
  const { rows } = await census(ground, region);
  for (const writer of writers) assert.ok(rows[writer], `${region} lacks what ${writer} wrote`);
};

async function takesBoth(ground: Ground): Promise<void> {
  const { world, primary, standby } = ground;
  const [one, other] = [await toApp(ground, primary, 'first'), await toApp(ground, standby, 'second')];
  assert.deepEqual([one.outcome, other.outcome, one.server === other.server], ['acked', 'acked', false]);
  await eventually(ground, 10_000, async () => { for (const region of [primary, standby]) await has(ground, region, ['first', 'second']); });
  await eventually(ground, 10_000, async () => { const { inStep, evidence } = await world.inStep(never); assert.ok(inStep, JSON.stringify(evidence)); });
  await assert.rejects(world.operate('rejoin', never), 'something rejoined where nothing had left');
}

async function leavesOut(ground: Ground): Promise<void> {
  const { world, primary, standby } = ground;
  held.set(ground, await lever(ground, 'cut')({ place: primary }, 'rest', drop, longMs));
  await expectReach(ground, 'outside', { place: primary, part: 'app' }, 'silent');
  await eventually(ground, 30_000, async () => assert.deepEqual(new Set(await answers(ground, 40)), new Set([world.addressOf(standby)])));
  await eventually(ground, 10_000, async () => assert.deepEqual(await append(ground, 'outside', Math.ceil(world.clock.now())).then(({ outcome, servedBy }) => [outcome, servedBy]), ['acked', standby]));
  assert.equal((await toApp(ground, primary, 'behind')).outcome, 'acked', 'a region that is cut off took no write, though its database takes them');
  assert.equal((await census(ground, standby)).rows['behind'], undefined, 'a row crossed the cut');
  assert.ok(!ground.marks.some(({ what }) => what === 'promoted'), 'a database was promoted, though each takes writes');
}

async function comesTogether(ground: Ground): Promise<void> {
  const { world, primary, standby } = ground;
  await held.get(ground)?.heal();
  await eventually(ground, reunitedMs, async () => { for (const region of [primary, standby]) await has(ground, region, ['first', 'second', 'outside', 'behind']); });
  await eventually(ground, 20_000, async () => { const { inStep, evidence } = await world.inStep(never); assert.ok(inStep, JSON.stringify(evidence)); });
  await eventually(ground, 30_000, async () => assert.equal(new Set(await answers(ground, 40)).size, 2, 'the region that is back is not answered'));
}

async function swaps(ground: Ground): Promise<void> {
  const { world, primary, standby } = ground;
  const set = (region: string, writer: string): Promise<UpdateSeen> => look(ground, region, 'update', (sense, signal) => sense({ place: region, part: 'app' }, { group: 'disputed', slot: 0, writer, number: 1 }, fresh, signal));
  const holds = async (region: string) => (await census(ground, region)).registers?.['disputed']?.['0']?.[0];
  assert.equal((await set(primary, 'before')).outcome, 'acked');
  await eventually(ground, 10_000, async () => assert.equal(await holds(standby), 'before:1'));
  const cut = await lever(ground, 'cut')({ place: primary }, { place: standby }, drop, longMs);
  try {
    const here = await set(primary, 'here');
    await world.clock.sleep(1_000); // time enough for the other to hear of it, were there no cut
    assert.deepEqual([here, await set(standby, 'there')].map(({ outcome, found }) => [outcome, found?.[0]]), [['acked', 'before:1'], ['acked', 'before:1']]);
  } finally { await cut.heal(); }
  await eventually(ground, reunitedMs, async () => assert.deepEqual([await holds(primary), await holds(standby)], ['there:1', 'here:1']));
  const { inStep, settled } = await world.inStep(never);
  assert.deepEqual([inStep, settled], [false, true], 'two databases that differ are called one');
}
