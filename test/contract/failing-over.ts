import assert from 'node:assert/strict';
import type { Mark } from '../../src/history.ts';
import type { Manner } from '../../src/seen.ts';
import type { Undo } from '../../src/world.ts';
import { append, census, eventually, expectReach, fresh, lever, look, type Article, type Ground } from './ground.ts';

const never = new AbortController().signal;
const caches = ['forever', 1_000] as const;
const page = (ground: Ground, manner: Manner, withinMs = 5_000) => look(ground, 'outside', 'http', (http, signal) => http('service', '/orders', manner, signal), withinMs);
const held = new WeakMap<Ground, { undo: Undo; firstServer: string }>();

/** What every world keeps when the primary region is lost and comes back. The articles are one story, told in order. */
export const failingOver: readonly Article[] = [
  { says: 'a lost primary is declared dead, and the standby is promoted', check: losesPrimary },
  { says: 'the names move, and users are served and their writes acked by the other region', check: movesUsers },
  { says: 'what was acked before is there, and the cut-off region acks nothing', check: losesNothing },
  { says: 'after the heal the old primary is fenced, and rejoins when it is asked to', check: rejoins },
  { says: 'it fails back when it is asked to, and has all that was acked', check: failsBack },
  { says: 'with both regions well it moves when it is asked to, and nothing acked is lost', check: movesAsPlanned },
];

function markOf({ marks }: Ground, who: string, what: string, subject: string): Mark {
  const found = marks.find((mark) => mark.who === who && mark.what === what && mark.subject === subject);
  assert.ok(found, `no mark ${who} ${what} ${subject}`);
  return found;
}

async function losesPrimary(ground: Ground): Promise<void> {
  const { world, primary, standby } = ground;
  const before = await append(ground, 'before', 1);
  assert.equal(before.outcome, 'acked');
  for (const cache of caches) assert.equal((await page(ground, { ...fresh, cache })).servedBy, primary);
  const from = world.clock.now();
  held.set(ground, { undo: await lever(ground, 'cut')({ place: primary }, 'rest', { how: 'drop', direction: 'both' }, 300_000), firstServer: before.server ?? '' });
  await expectReach(ground, 'outside', { place: primary, part: 'app' }, 'silent');
  await eventually(ground, 30_000, async () => {
    const [dead, promoted] = [markOf(ground, 'pilot', 'declared dead', primary), markOf(ground, 'pilot', 'promoted', standby)];
    assert.ok(from <= dead.at + dead.errorMs && dead.at <= promoted.at && promoted.at <= world.clock.now(), `declared dead at ${dead.at}, promoted at ${promoted.at}, cut at ${from}`);
  });
  await eventually(ground, 15_000, async () => {
    const direct = await append(ground, 'direct', Math.ceil(world.clock.now()), { place: standby, part: 'database' }, 'database');
    assert.deepEqual([direct.outcome, direct.server === before.server], ['acked', false]);
  });
}

async function movesUsers(ground: Ground): Promise<void> {
  const { world, primary, standby } = ground;
  const { service, database } = world.topology.names;
  await eventually(ground, 30_000, async () => {
    markOf(ground, 'gslb', 'unhealthy', primary);
    markOf(ground, 'gslb', 'published', service);
    markOf(ground, 'gslb', 'published', database);
    for (const server of ['strict', ...world.topology.authorities]) {
      const seen = await look(ground, 'outside', 'resolve', (resolve, signal) => resolve(service, server, signal));
      assert.deepEqual(seen.addresses, [world.addressOf(standby)], `${server} still says the old address`);
    }
  });
  const stretched = await look(ground, 'outside', 'resolve', (resolve, signal) => resolve(service, 'stretch', signal));
  assert.equal(stretched.rcode, 'NOERROR');
  await eventually(ground, 20_000, async () => {
    const { status, servedBy } = await page(ground, fresh);
    assert.deepEqual([status, servedBy], [200, standby]);
    const write = await append(ground, 'moved', Math.ceil(world.clock.now()));
    assert.deepEqual([write.outcome, write.servedBy, write.server === held.get(ground)?.firstServer], ['acked', standby, false]);
  });
  // Whoever keeps addresses itself asks nobody: for so long it goes on where the name was.
  await assert.rejects(page(ground, { ...fresh, cache: 'forever' }, 1_000), 'a client that never asks again found the new region');
  await eventually(ground, 10_000, async () => assert.equal((await page(ground, { ...fresh, cache: 1_000 })).servedBy, standby));
}

async function losesNothing(ground: Ground): Promise<void> {
  const { primary, standby } = ground;
  const { rows } = await census(ground, standby);
  assert.deepEqual(rows['before']?.numbers, [[1, 1]]);
  assert.ok((rows['direct']?.numbers.length ?? 0) > 0 && (rows['moved']?.numbers.length ?? 0) > 0);
  assert.equal((await census(ground, primary)).rows['moved'], undefined, 'a row crossed the cut');
  const inside = await look(ground, primary, 'append', (sense, signal) => sense({ place: primary, part: 'app' }, { writer: 'inside', number: 1, attempt: 1 }, fresh, 'app', signal), 4_000);
  assert.notEqual(inside.outcome, 'acked', 'semi-sync that never degrades acked without its replica');
  await assert.rejects(ground.world.operate('fail back', never), 'it failed back to a region that had not rejoined');
}

async function rejoins(ground: Ground): Promise<void> {
  const { world, primary } = ground;
  const from = world.clock.now();
  await held.get(ground)?.undo.heal();
  await eventually(ground, 20_000, () => expectReach(ground, 'outside', { place: primary, part: 'database' }, 'ok'));
  await eventually(ground, 20_000, async () => assert.ok(markOf(ground, 'pilot', 'fenced', primary).at >= from - 1_000));
  const { said } = await world.operate('rejoin', never);
  assert.ok(said.length > 0);
  await eventually(ground, 5_000, async () => { markOf(ground, 'pilot', 'rejoined', primary); });
  await eventually(ground, 30_000, async () => {
    const { inStep, evidence } = await world.inStep(never);
    assert.ok(inStep, JSON.stringify(evidence));
  });
  assert.ok(((await census(ground, primary)).rows['moved']?.numbers.length ?? 0) > 0, 'the old primary lacks what was written meanwhile');
}

async function failsBack(ground: Ground): Promise<void> {
  const { world, primary, standby } = ground;
  await world.operate('fail back', never);
  await eventually(ground, 5_000, async () => { markOf(ground, 'pilot', 'switched over', primary); });
  await eventually(ground, 30_000, async () => {
    const page = await look(ground, 'outside', 'http', (http, signal) => http('service', '/orders', fresh, signal));
    assert.equal(page.servedBy, primary);
    const write = await append(ground, 'home', Math.ceil(world.clock.now()));
    assert.deepEqual([write.outcome, write.servedBy, write.server], ['acked', primary, held.get(ground)?.firstServer]);
  });
  await eventually(ground, 20_000, async () => assert.ok((await world.inStep(never)).inStep));
  const [home, other] = [await census(ground, primary), await census(ground, standby)];
  assert.deepEqual([home.checksum, home.rows], [other.checksum, other.rows]);
  for (const writer of ['before', 'direct', 'moved', 'home']) assert.ok(home.rows[writer], `${writer} is gone`);
}

async function movesAsPlanned(ground: Ground): Promise<void> {
  const { world, primary, standby } = ground;
  await assert.rejects(world.operate('rejoin', never), 'something rejoined that had never left');
  await world.operate('switch over', never);
  await eventually(ground, 30_000, async () => {
    const { servedBy } = await look(ground, 'outside', 'http', (http, signal) => http('service', '/orders', fresh, signal));
    assert.equal(servedBy, standby);
    const write = await append(ground, 'planned', Math.ceil(world.clock.now()));
    assert.deepEqual([write.outcome, write.servedBy, write.server === held.get(ground)?.firstServer], ['acked', standby, false]);
  });
  await assert.rejects(world.operate('switch over', never), 'it switched over twice');
  await eventually(ground, 20_000, async () => assert.ok((await world.inStep(never)).inStep));
  const [home, other] = [await census(ground, primary), await census(ground, standby)];
  assert.deepEqual([home.checksum, home.rows], [other.checksum, other.rows]);
  for (const writer of ['before', 'direct', 'moved', 'home', 'planned']) assert.ok(home.rows[writer], `${writer} is gone`);
}
