import assert from 'node:assert/strict';
import type { Reach } from '../../src/seen.ts';
import type { Undo } from '../../src/world.ts';
import { append, census, eventually, expectReach, lever, reach, type Article, type Ground } from './ground.ts';

const drop = { how: 'drop', direction: 'both' } as const;
/** Far longer than any check lasts: a pull that is healed by hand. */
const longMs = 60_000;
const shortMs = 1_500;

/** What every world keeps when its levers are pulled. The standby is broken, so that nothing fails over. */
export const breaking: readonly Article[] = [
  { says: 'a cut from the rest silences a region in both directions, and nothing else', check: cutsRegion },
  { says: 'a cut between two parts stops what flows between them, and nothing else', check: cutsLink },
  { says: 'a cut ends by itself', check: (ground) => endsByItself(ground, (forMs) => lever(ground, 'cut')({ place: ground.standby }, 'rest', drop, forMs), 'silent') },
  { says: 'a killed program refuses connections until it is healed', check: kills },
  { says: 'a kill ends by itself, and the rows are still there', check: killEnds },
  { says: 'a frozen program accepts and says nothing until it is healed', check: freezes },
  { says: 'a freeze ends by itself', check: (ground) => endsByItself(ground, (forMs) => lever(ground, 'freeze')(ground.standby, 'app', forMs), 'accepts-but-dead') },
  { says: 'a region that is stopped whole can still be looked from', check: stopsAll },
  { says: 'a pull at nothing is refused', check: refusesNonsense },
];

/** Pulls, sees to it that the pull is healed whatever happens, and that it can be healed twice. */
async function pulled(ground: Ground, pull: Promise<Undo>, act: () => Promise<void>): Promise<void> {
  const undo = await pull;
  assert.ok(undo.record.id !== '' && undo.record.what !== '' && Number.isFinite(undo.record.deadline));
  try { await act(); } finally { await undo.heal(); }
  await undo.heal();
  await eventually(ground, 15_000, () => standbyIs(ground, 'ok'));
}

async function standbyIs(ground: Ground, expected: Reach, parts: readonly ('app' | 'database')[] = ['app', 'database']): Promise<void> {
  for (const part of parts) await expectReach(ground, 'outside', { place: ground.standby, part }, expected);
}

async function cutsRegion(ground: Ground): Promise<void> {
  const { primary, standby } = ground;
  await standbyIs(ground, 'ok');
  await pulled(ground, lever(ground, 'cut')({ place: standby }, 'rest', drop, longMs), async () => {
    await standbyIs(ground, 'silent');
    for (const part of ['app', 'database'] as const) {
      await expectReach(ground, primary, { place: standby, part }, 'silent');
      await expectReach(ground, standby, { place: primary, part }, 'silent');
      await expectReach(ground, standby, { place: standby, part }, 'ok');
      await expectReach(ground, 'outside', { place: primary, part }, 'ok');
    }
    await expectReach(ground, standby, 'control', 'silent');
    await expectReach(ground, primary, 'control', 'ok');
    await expectReach(ground, 'outside', 'control', 'ok');
    assert.equal((await census(ground, standby)).region, standby, 'the path from harness to place is not cut');
  });
  await expectReach(ground, standby, 'control', 'ok');
}

async function cutsLink(ground: Ground): Promise<void> {
  const { primary, standby } = ground;
  const writer = 'behind-the-cut';
  const rowsAt = async (region: string) => (await census(ground, region)).rows[writer]?.numbers ?? [];
  await pulled(ground, lever(ground, 'cut')({ place: primary, part: 'database' }, { place: standby, part: 'database' }, drop, longMs), async () => {
    assert.equal((await append(ground, writer, 1)).outcome, 'acked');
    await ground.world.clock.sleep(1_000);
    assert.deepEqual(await rowsAt(primary), [[1, 1]]);
    assert.deepEqual(await rowsAt(standby), [], 'the row crossed the cut');
    for (const { name: place } of ground.world.topology.regions) for (const part of ['app', 'database'] as const) await expectReach(ground, 'outside', { place, part }, 'ok');
    await expectReach(ground, standby, { place: primary, part: 'app' }, 'ok');
  });
  await eventually(ground, 20_000, async () => assert.deepEqual(await rowsAt(standby), [[1, 1]], 'the row did not come after the heal'));
}

async function endsByItself(ground: Ground, pull: (forMs: number) => Promise<Undo>, bitten: Reach): Promise<void> {
  const { clock } = ground.world;
  const undo = await pull(shortMs);
  const from = clock.now();
  try {
    await standbyIs(ground, bitten, ['app']);
    await clock.sleep(Math.max(0, from + shortMs - clock.now()));
    await eventually(ground, 5_000, () => standbyIs(ground, 'ok'));
    assert.ok(clock.now() - from < shortMs + 8_000);
  } finally { await undo.heal(); }
  await standbyIs(ground, 'ok');
}

async function kills(ground: Ground): Promise<void> {
  const { standby, primary } = ground;
  await pulled(ground, lever(ground, 'kill')(standby, 'app', longMs), async () => {
    await standbyIs(ground, 'refused', ['app']);
    await expectReach(ground, primary, { place: standby, part: 'app' }, 'refused');
    await standbyIs(ground, 'ok', ['database']);
    const { outcome } = await append(ground, 'to-the-dead', 1, { place: standby, part: 'app' });
    assert.equal(outcome, 'refused', 'a write to a closed port is refused');
  });
  assert.equal((await census(ground, primary)).rows['to-the-dead'], undefined);
}

async function killEnds(ground: Ground): Promise<void> {
  const { standby, world } = ground;
  assert.equal((await append(ground, 'before-the-kill', 1)).outcome, 'acked');
  const hasRow = async () => assert.deepEqual((await census(ground, standby)).rows['before-the-kill']?.numbers, [[1, 1]]);
  await eventually(ground, 5_000, hasRow);
  const undo = await lever(ground, 'kill')(standby, 'database', shortMs);
  try {
    await standbyIs(ground, 'refused', ['database']);
    await assert.rejects(census(ground, standby), 'a dead database was read');
    await world.clock.sleep(shortMs);
    await eventually(ground, 15_000, () => standbyIs(ground, 'ok'));
  } finally { await undo.heal(); }
  await eventually(ground, 10_000, hasRow);
  await eventually(ground, 20_000, async () => {
    const { inStep, evidence } = await world.inStep(new AbortController().signal);
    assert.ok(inStep, JSON.stringify(evidence));
  });
}

async function freezes(ground: Ground): Promise<void> {
  const { standby } = ground;
  await pulled(ground, lever(ground, 'freeze')(standby, 'app', longMs), async () => {
    await standbyIs(ground, 'accepts-but-dead', ['app']);
    await standbyIs(ground, 'ok', ['database']);
  });
}

async function stopsAll(ground: Ground): Promise<void> {
  const { standby, primary } = ground;
  await pulled(ground, lever(ground, 'kill')(standby, 'all', longMs), async () => {
    await standbyIs(ground, 'refused');
    await expectReach(ground, standby, 'control', 'ok');
    await expectReach(ground, 'outside', { place: primary, part: 'app' }, 'ok');
  });
  await pulled(ground, lever(ground, 'freeze')(standby, 'all', longMs), async () => {
    await standbyIs(ground, 'accepts-but-dead');
    assert.equal(await reach(ground, standby, 'control'), 'ok');
  });
}

async function refusesNonsense(ground: Ground): Promise<void> {
  const [cut, kill, freeze] = [lever(ground, 'cut'), lever(ground, 'kill'), lever(ground, 'freeze')];
  await assert.rejects(cut({ place: 'nowhere' }, 'rest', drop, shortMs), 'a place that is not there was cut');
  await assert.rejects(cut('rest', 'rest', drop, shortMs), 'the rest was cut from the rest');
  await assert.rejects(kill('nowhere', 'app', shortMs), 'a place that is not there was killed');
  await assert.rejects(freeze(ground.standby, 'pilot', shortMs), 'a part that is not there was frozen');
  await standbyIs(ground, 'ok');
}
