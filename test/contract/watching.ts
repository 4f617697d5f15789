import assert from 'node:assert/strict';
import { append, census, eventually, lever, samplesBy, watching as watchDuring, type Article, type Ground } from './ground.ts';

/** What every world keeps when one watches while it is broken. */
export const watching: readonly Article[] = [
  { says: 'looks are bad while a fault bites, good before and after it, and the control path is good throughout', check: seesTheFault },
  { says: 'the ledger and the census agree on a break: all that was acked is there, nothing that was refused', check: agreesWithCensus },
];

const breakMs = 4_000;

async function seesTheFault(ground: Ground): Promise<void> {
  const { world, standby } = ground;
  const base = { place: 'outside', kind: 'http', everyMs: 200, timeoutMs: 600 }; // a busy machine may keep a good look waiting for some of that
  const probes = [
    { ...base, name: 'broken', params: { path: '/health', target: { place: standby, part: 'app' } } },
    { ...base, name: 'kept', params: { path: '/health', target: { place: standby, part: 'app' }, connections: 'reused' } },
    { ...base, name: 'control', params: { path: '/', target: 'control' } },
  ];
  let [pulledAt, endsAt] = [0, 0];
  const entries = await watchDuring(ground, probes, async () => {
    await world.clock.sleep(1_500);
    const undo = await lever(ground, 'freeze')(standby, 'app', breakMs);
    pulledAt = world.clock.now();
    endsAt = pulledAt + breakMs;
    await world.clock.sleep(breakMs + 4_000);
    await undo.heal();
  });
  for (const name of ['broken', 'kept']) {
    const samples = samplesBy(entries, name, 'http');
    const inside = samples.filter((sample) => sample.started >= pulledAt && sample.ended <= endsAt - 300);
    assert.ok(inside.length >= 5, `${name}: only ${inside.length} looks while it was frozen`);
    assert.ok(inside.every((sample) => !sample.ok), `${name}: a look was good while the app was frozen`);
    const before = samples.filter((sample) => sample.ended < pulledAt - 500);
    assert.ok(before.length > 0 && before.some((sample) => sample.ok), `${name}: no look was good before`);
    assert.ok(samples.slice(-5).every((sample) => sample.ok), `${name}: it did not come back`);
  }
  const control = samplesBy(entries, 'control', 'http');
  assert.ok(control.length > 20 && control.filter((sample) => !sample.ok).length <= control.length / 20, 'the control path was hit');
}

async function agreesWithCensus(ground: Ground): Promise<void> {
  const { world, primary } = ground;
  const writer = 'through-the-break';
  const probes = [{ name: writer, kind: 'ledger', place: 'outside', everyMs: 50, timeoutMs: 4_000, params: { target: { place: primary, part: 'app' } } }];
  const entries = await watchDuring(ground, probes, async () => {
    await world.clock.sleep(1_500);
    const undo = await lever(ground, 'kill')(primary, 'app', longEnoughMs);
    await world.clock.sleep(1_000);
    await undo.heal();
    await eventually(ground, 10_000, async () => assert.equal((await append(ground, 'after', 1, { place: primary, part: 'app' })).outcome, 'acked'));
    await world.clock.sleep(500);
  });
  const samples = samplesBy(entries, writer, 'write');
  const numbersOf = (outcome: string) => samples.filter((sample) => sample.data?.outcome === outcome).map((sample) => Number(sample.data?.op.split(':')[1]));
  const { numbers, counts } = (await census(ground, primary)).rows[writer] ?? { numbers: [], counts: {} };
  const isThere = (number: number) => numbers.some(([from, to]) => from <= number && number <= to);
  const [acked, refused] = [numbersOf('acked'), numbersOf('refused')];
  assert.ok(acked.length >= 10 && refused.length >= 5, `${acked.length} acked, ${refused.length} refused: the break did not show`);
  assert.deepEqual(acked.filter((number) => !isThere(number)), [], 'acked, and not there');
  assert.deepEqual(refused.filter(isThere), [], 'refused, and there');
  assert.deepEqual(counts, {});
  assert.ok(numbers.every(([from, to]) => from >= 1 && to <= samples.length), 'rows that nobody wrote');
}

const longEnoughMs = 20_000;
