import assert from 'node:assert/strict';
import type { Reach } from '../../src/seen.ts';
import type { Cut, Pull, Side, Undo } from '../../src/world.ts';
import { census, eventually, expectReach, lever, look, reach, type Article, type Ground } from './ground.ts';

/** Far longer than any check lasts: a pull that is healed by hand. */
const longMs = 60_000;
const kept = { resolver: 'strict', connections: 'reused' } as const;

/** What every world keeps when only part of its network is broken, as far as it says that it can. */
export const cutting: readonly Article[] = [
  { says: 'a cut that rejects refuses connections at once, from both sides', check: rejects },
  { says: 'a cut of what comes in keeps requests out', check: cutsIn },
  { says: 'a cut of what goes out lets requests in, and their answers are lost', check: cutsOut },
  { says: 'a cut of some packets fails some connections, and not all', check: cutsSome },
  { says: 'a cut that comes and goes does so by itself', check: flaps },
  { says: 'a cut within a place tells apart several of a part', check: cutsWithin },
  { says: 'a part outside can be killed and frozen, and is back after the heal', check: stopsOutside },
  { says: 'what a second writer says stands at every authority until it is taken back', check: overwrites },
  { says: 'what a second writer says ends by itself', check: overwriteEnds },
];

/** Makes a pull and heals it whatever happens; where the world says that it cannot make it, that is said aloud. */
async function during(ground: Ground, pull: Pull, act: () => Promise<void>, forMs = longMs): Promise<void> {
  const why = ground.provider.levers.has(pull.lever) ? ground.provider.cannot?.(pull) ?? null : `has no lever ${pull.lever}`;
  if (why !== null) { process.stderr.write(`\nSKIPPED: the ${ground.provider.name} world ${why}\n`); return; }
  const undo = await made(ground, pull, forMs);
  try { await act(); } finally { await undo.heal(); }
  await undo.heal();
}

function made(ground: Ground, pull: Pull, forMs: number): Promise<Undo> {
  switch (pull.lever) {
    case 'cut': return lever(ground, 'cut')(pull.a, pull.b, pull.how, forMs);
    case 'overwrite': return lever(ground, 'overwrite')(pull.answer, forMs);
    default: return lever(ground, pull.lever)(pull.place, pull.part, forMs);
  }
}

const cutOf = (place: string, how: Cut, b: Side = 'rest'): Pull => ({ lever: 'cut', a: { place }, b, how });
const standbyIs = async (ground: Ground, expected: Reach) => { for (const part of ['app', 'database'] as const) await expectReach(ground, 'outside', { place: ground.standby, part }, expected); };

async function rejects(ground: Ground): Promise<void> {
  const { standby, primary } = ground;
  await during(ground, cutOf(standby, { how: 'reject', direction: 'both' }), async () => {
    const from = ground.world.clock.now();
    await standbyIs(ground, 'refused');
    await expectReach(ground, standby, 'control', 'refused');
    await expectReach(ground, standby, { place: primary, part: 'app' }, 'refused');
    assert.ok(ground.world.clock.now() - from < 2_000, 'a refusal took as long as silence');
    await expectReach(ground, 'outside', { place: primary, part: 'app' }, 'ok');
  });
  await eventually(ground, 15_000, () => standbyIs(ground, 'ok'));
}

/** One write over a connection that stood before the cut: what it brought about, and whether the row is there while the cut lasts. */
async function writeThrough(ground: Ground, direction: 'in' | 'out'): Promise<void> {
  const { primary } = ground;
  const writer = `one-way-${direction}`;
  const write = (number: number) => look(ground, 'outside', 'append', (sense, signal) => sense({ place: primary, part: 'app' }, { writer, number, attempt: 1 }, kept, 'app', signal), 1_500);
  assert.equal((await write(1)).outcome, 'acked');
  // Not from the rest: the app must find its database's name, which is asked for outside.
  await during(ground, cutOf(primary, { how: 'drop', direction }, { place: 'outside', part: 'clients' }), async () => {
    assert.equal((await write(2)).outcome, 'indeterminate');
    await expectReach(ground, 'outside', { place: primary, part: 'app' }, 'silent');
    const rows = (await census(ground, primary)).rows[writer]?.numbers;
    assert.deepEqual(rows, direction === 'out' ? [[1, 2]] : [[1, 1]], direction === 'out' ? 'the request did not get in' : 'the request got in');
  });
  await eventually(ground, 15_000, () => expectReach(ground, 'outside', { place: primary, part: 'app' }, 'ok'));
}

function cutsIn(ground: Ground): Promise<void> {
  return writeThrough(ground, 'in');
}

function cutsOut(ground: Ground): Promise<void> {
  return writeThrough(ground, 'out');
}

async function cutsSome(ground: Ground): Promise<void> {
  const { standby } = ground;
  const looks = 40;
  // A few at a time: a busy machine must not be slower at them than one look may take, which is less than TCP waits before it sends a first packet again (1 s).
  const failed = async () => {
    let count = 0;
    for (let made = 0; made < looks; made += 4) count += (await Promise.all(Array.from({ length: 4 }, () => reach(ground, 'outside', { place: standby, part: 'app' }, 900)))).filter((one) => one !== 'ok').length;
    return count;
  };
  const none = () => eventually(ground, 30_000, async () => assert.equal(await failed(), 0));
  await none();
  await during(ground, cutOf(standby, { how: 'drop', direction: 'both', sharePct: 30 }), async () => {
    const count = await failed();
    // Both of the first two packets must get through within the time of a look: half of them do; fewer than 5 or more than 36 of 40 is no chance (p < 1e-6).
    assert.ok(count >= 5 && count <= 36, `${count} of ${looks} connections failed`);
  });
  await none();
}

async function flaps(ground: Ground): Promise<void> {
  const { standby, world } = ground;
  await during(ground, cutOf(standby, { how: 'drop', direction: 'both', flap: { onMs: 4_000, offMs: 4_000 } }), async () => {
    const from = world.clock.now();
    const seen: Reach[] = [];
    for (const atMs of [1_500, 5_500, 9_500, 13_500]) {
      await world.clock.sleep(Math.max(0, from + atMs - world.clock.now()));
      seen.push(await reach(ground, 'outside', { place: standby, part: 'app' }));
    }
    assert.deepEqual(seen, ['silent', 'ok', 'silent', 'ok']);
  });
  await eventually(ground, 15_000, () => standbyIs(ground, 'ok'));
}

async function cutsWithin(ground: Ground): Promise<void> {
  const [one = '', other = ''] = ground.world.topology.authorities;
  const toward = (only: string) => look(ground, 'outside', 'reach', (sense, signal) => sense({ place: 'outside', part: 'authorities', only }, 500, signal, 'checkers')).then((seen) => seen.reach);
  await during(ground, { lever: 'cut', a: { place: 'outside', part: 'checkers' }, b: { place: 'outside', part: 'authorities', only: other }, how: { how: 'drop', direction: 'both' } }, async () => {
    assert.deepEqual([await toward(one), await toward(other)], ['ok', 'silent']);
    await expectReach(ground, 'outside', { place: 'outside', part: 'authorities', only: other }, 'ok');
  });
}

async function stopsOutside(ground: Ground): Promise<void> {
  for (const part of ['authorities', 'pilot'] as const) {
    const target = { place: 'outside', part, ...(part === 'authorities' ? { only: ground.world.topology.authorities[0] ?? '' } : {}) };
    for (const [pulled, bitten] of [['freeze', 'accepts-but-dead'], ['kill', 'refused']] as const) {
      await during(ground, { lever: pulled, place: 'outside', part }, async () => { await expectReach(ground, 'outside', target, bitten); });
      if (ground.provider.cannot?.({ lever: pulled, place: 'outside', part }) == null) await eventually(ground, 15_000, () => expectReach(ground, 'outside', target, 'ok'));
    }
  }
}

async function answers(ground: Ground): Promise<readonly (readonly string[])[]> {
  const { authorities, names } = ground.world.topology;
  return Promise.all(authorities.map((server) => look(ground, 'outside', 'resolve', (resolve, signal) => resolve(names.service, server, signal)).then((seen) => { assert.equal(seen.rcode, 'NOERROR'); return seen.addresses; })));
}

async function overwrites(ground: Ground): Promise<void> {
  const { world, primary, standby } = ground;
  const home = [[world.addressOf(primary)], [world.addressOf(primary)]];
  await eventually(ground, 10_000, async () => assert.deepEqual(await answers(ground), home)); // authorities may just have been started again
  for (const [answer, expected] of [['empty', []], [{ region: standby }, [world.addressOf(standby)]]] as const) {
    await during(ground, { lever: 'overwrite', answer }, async () => {
      assert.deepEqual(await answers(ground), [expected, expected]);
      await world.clock.sleep(2_500);
      assert.deepEqual(await answers(ground), [expected, expected], 'it did not stand');
    });
    if (ground.provider.levers.has('overwrite')) assert.deepEqual(await answers(ground), home);
  }
}

async function overwriteEnds(ground: Ground): Promise<void> {
  const { world, primary } = ground;
  const home = [[world.addressOf(primary)], [world.addressOf(primary)]];
  await during(ground, { lever: 'overwrite', answer: 'empty' }, async () => {
    assert.deepEqual(await answers(ground), [[], []]);
    await eventually(ground, 6_000, async () => assert.deepEqual(await answers(ground), home));
  }, 1_500);
}
