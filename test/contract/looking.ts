import assert from 'node:assert/strict';
import type { Target } from '../../src/seen.ts';
import type { Place } from '../../src/topology.ts';
import { append, census, eventually, expectReach, fresh, look, samplesBy, watching, type Article, type Ground } from './ground.ts';

/** What every world keeps while nothing is broken. */
export const looking: readonly Article[] = [
  { says: 'it has the places, senses and levers that it declares', check: hasWhatItDeclares },
  { says: 'an HTTP look is answered by the region that serves, and a page that is not there is not found', check: answersHttp },
  { says: 'every resolver and authority says what is published, and nothing of names that are not there', check: resolves },
  { says: 'what was acked is in every copy, and what was refused is in none', check: keepsWhatItAcked },
  { says: 'an update is told what it took the place of, and every copy holds the last value of each slot', check: tellsWhatAnUpdateReplaced },
  { says: 'a raw connection reaches every part, and a part that is not there is an error', check: reaches },
  { says: 'a connection is reused only where that was asked for', check: reuses },
  { says: 'probes tick on their schedule, in order, and looks under way at the stop are landed', check: watches },
  { says: 'nothing is said to have failed over while nothing is broken', check: staysQuiet },
  { says: 'regions are as far apart as the topology says, for connections, requests and commits, and what is outside is near', check: isAsFarAsItSays },
  { says: 'what a copy shows can be read from it, and what it has not got by then is not in the answer', check: readsCopies },
  { says: 'a database server says of itself whether its commits wait, and how many did', check: tellsOfServers },
];

async function hasWhatItDeclares({ world, provider }: Ground): Promise<void> {
  assert.ok(world.topology.places.includes('outside'));
  for (const place of world.topology.places) {
    const senses = world.from(place);
    const region = world.topology.regions.some(({ name }) => name === place);
    // A crowd is only ever watched, and is no sense of which one look can be asked.
    for (const sense of provider.senses) if (sense !== 'crowd' && (sense !== 'census' || region)) assert.equal(typeof senses[sense], 'function', `${place} lacks ${sense}`);
  }
  for (const name of provider.levers) assert.equal(typeof world.levers[name], 'function', `lever ${name}`);
  assert.throws(() => world.from('nowhere'));
  const before = world.clock.now();
  await world.clock.sleep(50);
  const passed = world.clock.now() - before;
  assert.ok(passed >= 49 && passed < 5_000, `50 ms took ${passed} ms`);
  assert.ok(Object.keys(world.about.versions).length > 0);
}

async function answersHttp(ground: Ground): Promise<void> {
  const { world, primary, standby } = ground;
  const get = (to: 'service' | 'control' | { place: Place; part: 'app' }, path: string) => look(ground, 'outside', 'http', (http, signal) => http(to, path, fresh, signal));
  const user = await get('service', '/orders');
  assert.deepEqual([user.status, user.servedBy, user.address.split(':')[0]], [200, primary, world.addressOf(primary)]);
  const other = await get({ place: standby, part: 'app' }, '/health');
  assert.deepEqual([other.status, other.servedBy, other.address.split(':')[0]], [200, standby, world.addressOf(standby)]);
  assert.equal((await get('service', '/no-such-page')).status, 404);
  assert.equal((await get('control', '/')).status, 200);
}

async function resolves(ground: Ground): Promise<void> {
  const { world, primary } = ground;
  const { names, resolvers, authorities, settings } = world.topology;
  const ask = (name: string, server: string) => look(ground, 'outside', 'resolve', (resolve, signal) => resolve(name, server, signal));
  for (const server of [...resolvers.map(({ name }) => name), ...authorities]) {
    const service = await ask(names.service, server);
    assert.deepEqual([service.server, service.rcode, service.addresses], [server, 'NOERROR', [world.addressOf(primary)]]);
    const longest = Math.max(settings.dns.ttl, resolvers.find(({ name }) => name === server)?.minTtlMs ?? 0) / 1_000;
    assert.ok(service.ttl !== null && service.ttl >= 0 && service.ttl <= longest, `${server}: TTL ${service.ttl}`);
    const database = await ask(names.database, server);
    assert.ok(database.rcode === 'NOERROR' && database.addresses.length === 1 && database.addresses[0] !== service.addresses[0], `${server}: ${JSON.stringify(database)}`);
    const none = await ask(`nobody.${names.service.split('.').slice(1).join('.')}`, server);
    assert.deepEqual([none.rcode, none.addresses], ['NXDOMAIN', []]);
  }
  await assert.rejects(ask(names.service, 'nobody'), 'a resolver that is not there answered');
}

async function keepsWhatItAcked(ground: Ground): Promise<void> {
  const { primary, standby } = ground;
  const writer = 'kept';
  const gtids = new Set<string>();
  for (const number of [1, 2, 3, 5]) {
    const seen = await append(ground, writer, number);
    assert.deepEqual([seen.op, seen.outcome, seen.servedBy], [`${writer}:${number}`, 'acked', primary]);
    assert.ok(seen.server !== null && seen.gtid !== null, 'an acked write names its server and transaction');
    gtids.add(seen.gtid);
  }
  assert.equal(gtids.size, 4, 'each write is a transaction of its own');
  assert.equal((await append(ground, writer, 5, 'service', 'app', 2)).outcome, 'acked');
  assert.equal((await append(ground, 'refused', 1, { place: standby, part: 'database' }, 'database')).outcome, 'refused', 'a replica takes no writes');
  const seen = await look(ground, 'outside', 'read', (read, signal) => read('service', writer, 2, fresh, signal));
  assert.deepEqual([seen.writer, seen.from, seen.numbers], [writer, 2, [[2, 3], [5, 5]]]);
  await eventually(ground, 5_000, async () => {
    const copies = await Promise.all([census(ground, primary), census(ground, standby)]);
    for (const [index, copy] of copies.entries()) {
      assert.equal(copy.region, [primary, standby][index]);
      assert.deepEqual(copy.rows[writer], { numbers: [[1, 3], [5, 5]], counts: { 5: 2 } }, `${copy.region} lacks rows`);
      assert.equal(copy.rows['refused'], undefined, `${copy.region} has what was refused`);
    }
    assert.notEqual(copies[0].server, copies[1].server);
    assert.deepEqual([copies[0].position, copies[0].checksum], [copies[1].position, copies[1].checksum]);
  });
  const before = await census(ground, primary);
  assert.equal((await append(ground, writer, 6)).outcome, 'acked');
  const after = await census(ground, primary);
  assert.notEqual(before.checksum, after.checksum, 'a row more, and the checksum is the same');
  assert.notEqual(before.position, after.position);
}

async function tellsWhatAnUpdateReplaced(ground: Ground): Promise<void> {
  const { primary, standby } = ground;
  const set = (number: number, slot: number, target: Target = 'service') => look(ground, typeof target === 'object' ? target.place : 'outside', 'update', (update, signal) => update(target, { group: 'kept', slot, writer: 'one', number }, fresh, signal));
  const first = await set(1, 0);
  assert.deepEqual([first.group, first.slot, first.value, first.outcome, first.servedBy, first.found], ['kept', 0, 'one:1', 'acked', primary, [null]]);
  assert.ok(first.server !== null && first.gtid !== null, 'an acked update names its server and transaction');
  assert.deepEqual((await set(2, 0)).found, ['one:1', null]);
  assert.deepEqual((await set(3, 0, { place: primary, part: 'database' })).found, ['one:2', 'one:1']);
  assert.equal((await set(4, 0, { place: standby, part: 'database' })).outcome, 'refused', 'a replica takes no updates');
  assert.deepEqual((await set(5, 7)).found, [null]);
  await eventually(ground, 5_000, async () => {
    for (const region of [primary, standby]) assert.deepEqual((await census(ground, region)).registers?.['kept'], { 0: ['one:3', 'one:2', 'one:1'], 7: ['one:5', null] }, `${region} holds something else`);
  });
}

async function reaches(ground: Ground): Promise<void> {
  const { world } = ground;
  for (const from of world.topology.places) {
    await expectReach(ground, from, 'control', 'ok');
    for (const { name: place } of world.topology.regions) for (const part of ['app', 'database'] as const) await expectReach(ground, from, { place, part }, 'ok');
  }
  await assert.rejects(look(ground, 'outside', 'reach', (sense, signal) => sense({ place: 'nowhere', part: 'app' }, 500, signal)), 'a part that is not there was reached');
}

async function isAsFarAsItSays(ground: Ground): Promise<void> {
  const { world, primary, standby } = ground;
  const { distance } = world.topology.settings.network;
  const shortest = async (act: () => Promise<unknown>) => {
    let least = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 5; turn += 1) {
      const began = world.clock.now();
      await act();
      least = Math.min(least, world.clock.now() - began);
    }
    return least;
  };
  const get = (from: Place) => shortest(() => look(ground, from, 'http', (http, signal) => http({ place: primary, part: 'app' }, '/no-such-page', fresh, signal)));
  const [near, far] = [await get('outside'), await get(standby)];
  // A connection, and a request over it; the host's own time on top, which is short at least once in five.
  assert.ok(far >= 2 * distance && far < 2 * distance + near + 100, `from ${standby}: ${far} ms, from outside ${near} ms, ${distance} ms apart`);
  assert.ok(near < 100, `from outside: ${near} ms`);
  let number = 0;
  const commit = await shortest(() => append(ground, 'far', number += 1));
  assert.ok(commit >= distance && commit < distance + 150, `a commit that waits for ${standby} took ${commit} ms`);
}

async function readsCopies(ground: Ground): Promise<void> {
  const { standby } = ground;
  for (const number of [1, 2, 3, 5]) assert.equal((await append(ground, 'copied', number)).outcome, 'acked');
  const readFrom = (from: number) => look(ground, standby, 'read', (read, signal) => read({ place: standby, part: 'database' }, 'copied', from, { resolver: '', connections: 'reused' }, signal));
  await eventually(ground, 5_000, async () => assert.deepEqual((await readFrom(1)).numbers, [[1, 3], [5, 5]]));
  assert.deepEqual((await readFrom(3)).numbers, [[3, 3], [5, 5]]);
  assert.notEqual((await readFrom(1)).server, (await look(ground, 'outside', 'read', (read, signal) => read('service', 'copied', 1, fresh, signal))).server, 'the copy answered as the primary does');
}

async function tellsOfServers(ground: Ground): Promise<void> {
  const { world, primary, standby } = ground;
  const ask = (place: Place) => look(ground, place, 'status', (status, signal) => status({ place, part: 'database' }, signal));
  await append(ground, 'told', 1); // an app that has a connection needs no other
  const before = await ask(primary);
  const waits = world.topology.settings.database.replication === 'semi-sync';
  assert.equal(before.acks, waits ? 'in force' : 'off');
  assert.equal((await ask(standby)).acks, 'off');
  for (let number = 2; number <= 6; number += 1) await append(ground, 'told', number);
  const after = await ask(primary);
  assert.equal(after.waited - before.waited, waits ? 5 : 0);
  assert.equal(after.alone - before.alone, 0);
  assert.ok(after.open >= 1 && after.most >= 10 && after.upS >= before.upS && after.connections >= before.connections, JSON.stringify(after));
  assert.equal(after.refused, 0);
}

async function reuses(ground: Ground): Promise<void> {
  const get = (connections: 'new' | 'reused') => look(ground, 'outside', 'http', (http, signal) => http('service', '/orders', { resolver: 'strict', connections }, signal));
  const kept = [await get('reused'), await get('reused'), await get('reused')].map((seen) => seen.connection);
  assert.deepEqual(kept, ['new', 'reused', 'reused']);
  assert.deepEqual([(await get('new')).connection, (await get('new')).connection], ['new', 'new']);
}

async function watches(ground: Ground): Promise<void> {
  const { world, primary } = ground;
  const base = { place: 'outside', everyMs: 100, timeoutMs: 5_000 };
  const probes = [
    { ...base, name: 'page', kind: 'http', params: { path: '/orders' } },
    { ...base, name: 'ticking', kind: 'ledger', everyMs: 50, params: {} },
    { ...base, name: 'name', kind: 'dns', params: { servers: ['strict'], domain: world.topology.names.service } },
  ];
  const from = world.clock.now();
  let to = 0;
  const entries = await watching(ground, probes, async () => { await world.clock.sleep(2_000); to = world.clock.now(); });
  const ended = world.clock.now();
  for (const { name, everyMs } of probes) {
    const samples = entries.flatMap((entry) => (entry.kind === 'sample' && entry.probe === name ? [entry] : []));
    // Agents of a real world take a while to start, on a busy machine most of a second.
    assert.ok(samples.length >= 500 / everyMs && samples.length <= 2_000 / everyMs + 2, `${name}: ${samples.length} samples in 2 s`);
    assert.deepEqual(samples.map((sample) => sample.seq), samples.map((_, index) => index), `${name} is not in order`);
    for (const sample of samples) {
      assert.ok(sample.ok, `${name}: ${sample.error}`);
      assert.ok(sample.started >= from - 1 && sample.started <= to + everyMs + 1_000 && sample.ended >= sample.started && sample.ended <= ended, `${name} ${sample.seq}: ${sample.started}-${sample.ended}`);
    }
    const gaps = samples.slice(1).map((sample, index) => sample.scheduled - (samples[index]?.scheduled ?? 0));
    assert.ok(gaps.every((gap) => Math.abs(gap / everyMs - Math.round(gap / everyMs)) < 1e-3), `${name} leaves its schedule`);
  }
  const numbers = samplesBy(entries, 'ticking', 'write').map((sample) => Number(sample.data?.op.split(':')[1]));
  const rows = (await census(ground, primary)).rows['ticking'];
  assert.deepEqual(rows?.numbers, [[1, numbers.length]], 'the rows are those that were written while watching');
  const count = entries.length;
  await world.clock.sleep(300);
  assert.equal(entries.length, count, 'entries came after the stop');
}

async function staysQuiet({ world, marks }: Ground): Promise<void> {
  const now = world.clock.now();
  for (const mark of marks) assert.ok(mark.at - mark.errorMs <= now && Number.isFinite(mark.at), `${mark.what} at ${mark.at}, and it is ${now}`);
  const loud = marks.filter(({ who, what }) => (who === 'pilot' && ['declared dead', 'promoted', 'switched over', 'rejoined'].includes(what)) || (who === 'gslb' && what === 'unhealthy'));
  assert.deepEqual(loud, []);
  await assert.rejects(world.operate('rejoin', new AbortController().signal), 'there was nothing to rejoin');
}
