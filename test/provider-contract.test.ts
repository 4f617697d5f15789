import { describe, expect, jest, test } from '@jest/globals';
import type { Entry, Mark } from '../src/history.ts';
import { simulation } from '../src/providers/sim/provider.ts';
import type { Levers, Provider, Senses, Undo, World } from '../src/world.ts';
import { brokenArticles, contract } from './provider-contract.ts';

jest.setTimeout(120_000);

/** The simulated world with something about it falsified. */
function falsified(change: (world: World) => Partial<World>): () => Provider {
  const honest = simulation('falsified');
  return () => ({
    ...honest,
    open: async (...how) => {
      const world = await honest.open(...how);
      return Object.assign(Object.create(world) as World, world, change(world));
    },
  });
}

const withLevers = (change: (levers: Levers) => Partial<Levers>) => falsified((world) => ({ levers: { ...world.levers, ...change(world.levers as Levers) } }));
const withSenses = (change: (senses: Senses, world: World) => Partial<Senses>) => falsified((world) => ({
  from: (place) => { const senses = world.from(place); return { ...senses, ...change(senses as Senses, world) }; },
}));
/** Regions at a multiple of the distance that the topology says. */
const side = (times: number) => (): Provider => {
  const honest = simulation('falsified');
  return { ...honest, open: async (asked, ...how) => {
    const { distance } = asked.settings.network;
    const world = await honest.open({ ...asked, settings: { ...asked.settings, network: { distance: times * distance } } }, ...how);
    return Object.assign(Object.create(world) as World, world, { topology: asked });
  } };
};
const nothing: Undo = { record: { id: '1', lever: 'cut', what: 'nothing', deadline: 0 }, heal: async () => {} };

async function sentences(provider: () => Provider): Promise<readonly string[]> {
  return [...(await brokenArticles(provider)).keys()];
}

/** The sentence of the one article that begins so. */
function article(beginning: string): string {
  const [found, ...others] = contract.flatMap(({ articles }) => articles).filter(({ says }) => says.startsWith(beginning));
  if (!found || others.length > 0) throw new Error(`${others.length + (found ? 1 : 0)} articles begin with "${beginning}"`);
  return found.says;
}

const cutsRegion = article('a cut from the rest silences');
const cutsLink = article('a cut between two parts');
const cutEnds = article('a cut ends by itself');
const kills = article('a killed program refuses');
const killEnds = article('a kill ends by itself');
const freezes = article('a frozen program accepts');
const freezeEnds = article('a freeze ends by itself');
const stopsAll = article('a region that is stopped whole');
const declares = article('it has the places');
const answers = article('an HTTP look is answered');
const resolves = article('every resolver and authority');
const keeps = article('what was acked is in every copy');
const updates = article('an update is told what');
const reaches = article('a raw connection reaches');
const reuses = article('a connection is reused only');
const ticks = article('probes tick on their schedule');
const quiet = article('nothing is said to have failed over');
const isFar = article('regions are as far apart');
const readsCopies = article('what a copy shows');
const tells = article('a database server says of itself');
const seesFault = article('looks are bad while');
const agrees = article('the ledger and the census agree');
const loses = article('a lost primary is declared dead');
const moves = article('the names move');
const losesNothing = article('what was acked before is there');
const rejoins = article('after the heal the old primary');
const failsBack = article('it fails back');
const plans = article('with both regions well it moves');
const rejects = article('a cut that rejects');
const cutsIn = article('a cut of what comes in');
const cutsOut = article('a cut of what goes out');
const cutsSome = article('a cut of some packets');
const flaps = article('a cut that comes and goes');
const cutsWithin = article('a cut within a place');
const stopsOutside = article('a part outside can be killed');
const overwrites = article('what a second writer says stands');
const overwriteEnds = article('what a second writer says ends');

/** Ways for a world to be false, and the articles that have to find it out. */
const lies: readonly (readonly [string, () => Provider, readonly string[]])[] = [
  ['levers that do nothing', withLevers(() => ({ cut: async () => nothing, kill: async () => nothing, freeze: async () => nothing })), [cutsRegion, cutsLink, cutEnds, kills, killEnds, freezes, freezeEnds, stopsAll, seesFault, agrees, loses, moves, rejoins]],
  ['a cut that does nothing', withLevers(() => ({ cut: async () => nothing })), [cutsRegion, cutsLink, cutEnds, loses]],
  ['a kill that does nothing', withLevers(() => ({ kill: async () => nothing })), [kills, killEnds, stopsAll, agrees]],
  ['a freeze that does nothing', withLevers(() => ({ freeze: async () => nothing })), [freezes, freezeEnds, seesFault]],
  ['a freeze that kills', withLevers(({ kill }) => ({ freeze: kill })), [freezes, freezeEnds]],
  ['a kill that freezes', withLevers(({ freeze }) => ({ kill: freeze })), [kills, killEnds]],
  ['pulls that never end by themselves', withLevers(({ cut, kill, freeze }) => ({ cut: (a, b, how) => cut(a, b, how, 1e9), kill: (a, b) => kill(a, b, 1e9), freeze: (a, b) => freeze(a, b, 1e9) })), [cutEnds, killEnds, freezeEnds]],
  ['a cut that is always one and the same', withLevers(({ cut }) => ({ cut: (a, b, _how, forMs) => cut(a, b, { how: 'drop', direction: 'both' }, forMs) })), [rejects, cutsOut, cutsSome, flaps]],
  ['a cut that goes the wrong way', withLevers(({ cut }) => ({ cut: (a, b, how, forMs) => cut(a, b, { ...how, direction: how.direction === 'in' ? 'out' : how.direction === 'out' ? 'in' : 'both' }, forMs) })), [cutsIn, cutsOut]],
  ['a cut that forgets which of several', withLevers(({ cut }) => ({ cut: (a, b, how, forMs) => cut(a, b === 'rest' ? b : { place: b.place, ...(b.part ? { part: b.part } : {}) }, how, forMs) })), [cutsWithin]],
  ['a second writer that writes nothing', withLevers(() => ({ overwrite: async () => nothing })), [overwrites, overwriteEnds]],
  ['a second writer that is never undone', withLevers(({ overwrite }) => ({ overwrite: async (answer) => ({ ...await overwrite(answer, 1e9), heal: async () => {} }) })), [overwrites, overwriteEnds]],
  ['levers that do not reach outside', withLevers(({ kill, freeze }) => ({ kill: async (place, part, forMs) => (place === 'outside' ? nothing : kill(place, part, forMs)), freeze: async (place, part, forMs) => (place === 'outside' ? nothing : freeze(place, part, forMs)) })), [stopsOutside]],
  ['a heal that does nothing', withLevers((levers) => ({ cut: async (...how) => ({ ...await levers.cut(...how), heal: async () => {} }) })), [cutsRegion, cutsLink]],
  ['a cut that cuts everybody off', withLevers(({ cut }) => ({ cut: async (a, b, how, forMs) => { await cut({ place: 'outside' }, 'rest', how, forMs); return cut(a, b, how, forMs); } })), [cutsRegion, cutsLink]],
  ['a cut that is a kill', withLevers(({ kill }) => ({ cut: (a, _b, _how, forMs) => kill(a === 'rest' ? 'outside' : a.place, 'all', forMs) })), [cutsRegion, cutsLink, cutEnds]],
  ['pages that are always good', withSenses((_senses, world) => ({ http: async () => ({ status: 200, servedBy: 'ap-northeast-2', connection: 'new', address: world.addressOf('ap-northeast-2') }) })), [answers, reuses, moves]],
  ['names that never change', withSenses((_senses, world) => ({ resolve: async (_name, server) => ({ server, addresses: [world.addressOf('ap-northeast-2')], ttl: 1, rcode: 'NOERROR', ede: null }) })), [resolves, moves]],
  ['writes that are always acked', withSenses(() => ({ append: async (_to, write) => ({ op: `${write.writer}:${write.number}`, attempt: write.attempt, outcome: 'acked', server: '1', gtid: `0-1-${write.number}`, servedBy: 'ap-northeast-2' }) })), [keeps, cutsLink, kills, loses, moves]],
  ['reads that say what was asked for', withSenses(() => ({ read: async (_to, writer, from) => ({ writer, from, numbers: [[from, from + 100]], server: '1' }) })), [keeps, readsCopies]],
  ['a copy that is read from the primary', withSenses(({ read }) => ({ read: (to, ...how) => read(typeof to === 'object' && to.part === 'database' ? 'service' : to, ...how) })), [readsCopies]],
  ['regions that stand side by side', side(0), [isFar]],
  ['regions that are twice as far apart', side(2), [isFar]],
  ['a census that never changes', withSenses(() => ({ census: async () => ({ region: 'ap-northeast-2', server: '1', rows: {}, position: '0-1-1', state: '0-1-1', checksum: '00' }) })), [keeps, ticks, cutsRegion, cutsLink, killEnds, agrees, losesNothing, rejoins, failsBack]],
  ['connections that always succeed', withSenses(() => ({ reach: async () => ({ to: 'somewhere', reach: 'ok' }) })), [reaches, cutsRegion, cutEnds, kills, killEnds, freezes, freezeEnds, stopsAll, loses]],
  ['samples that are always good', falsified((world) => ({ watch: (probes, sink) => world.watch(probes, (entry) => sink(whitewash(entry))) })), [seesFault, agrees]],
  ['samples that nobody took', falsified((world) => ({ watch: async (probes, sink) => inventSamples(world, probes.map(({ name }) => name), sink) })), [ticks, seesFault, agrees]],
  ['samples out of order', falsified((world) => ({ watch: async (probes, sink) => { const kept: Entry[] = []; const { stop } = await world.watch(probes, (entry) => kept.unshift(entry)); return { stop: async (names) => { await stop(names); kept.forEach(sink); } }; } })), [ticks]],
  ['a stop that stops nothing', falsified((world) => ({ watch: async (probes, sink) => { await world.watch(probes, sink); return { stop: async () => {} }; } })), [ticks]],
  ['no marks', falsified(() => ({ marks: () => {} })), [loses, moves, rejoins, failsBack]],
  ['marks of what never happened', falsified((world) => ({ marks: (sink) => { world.marks(sink); sink(mark(world, 'declared dead', 'ap-northeast-2')); sink(mark(world, 'promoted', 'us-west-2')); } })), [quiet, loses]],
  ['an operator who does nothing', falsified(() => ({ operate: async () => ({ said: 'done' }) })), [quiet, losesNothing, rejoins, failsBack]],
  ['copies that are always in step', falsified(() => ({ inStep: async () => ({ inStep: true, evidence: {} }), operate: async () => ({ said: 'done' }) })), [rejoins, failsBack]],
  ['updates that never find anything', withSenses(({ update }) => ({ update: async (...how) => ({ ...await update(...how), found: [null] }) })), [updates]],
  ['a server that counts nothing', withSenses(({ status }) => ({ status: async (...how) => ({ ...await status(...how), waited: 0 }) })), [tells]],
  ['an operator who does not switch over', falsified(({ operate }) => ({ operate: async (step, signal) => (step === 'switch over' ? { said: 'done' } : operate(step, signal)) })), [plans]],
  ['no freeze, although it is declared', falsified(({ levers: { freeze: _freeze, ...levers } }) => ({ levers })), [declares, freezes]],
];

function whitewash(entry: Entry): Entry {
  if (entry.kind !== 'sample' || entry.ok) return entry;
  const data = entry.data !== null && 'outcome' in entry.data ? { ...entry.data, outcome: 'acked' as const } : entry.data;
  return { ...entry, ok: true, error: null, data };
}

async function inventSamples(world: World, names: readonly string[], sink: (entry: Entry) => void): ReturnType<World['watch']> {
  const from = world.clock.now();
  return {
    stop: async () => {
      for (const name of names) {
        for (let seq = 0, at = from; at < world.clock.now(); seq += 1, at += 100) {
          sink({ kind: 'sample', at, says: 'http', probe: name, place: 'outside', seq, scheduled: at, started: at, ended: at, ok: true, error: null, data: { status: 200, servedBy: null, connection: 'new', address: '' } });
        }
      }
    },
  };
}

function mark(world: World, what: string, subject: string): Mark {
  return { kind: 'mark', at: world.clock.now(), who: 'pilot', what, subject, errorMs: 0, evidence: {} };
}

describe('the contract finds out a world that is not true', () => {
  test('an honest one keeps every article', async () => {
    expect(await sentences(() => simulation('honest'))).toEqual([]);
  });

  test.each(lies)('%s', async (_name, provider, finders) => {
    const broken = await sentences(provider);
    expect(broken).toEqual(expect.arrayContaining(finders as string[]));
  });

  test('a world that leaves itself behind', async () => {
    const provider = simulation('left');
    const world = await provider.open((await import('./contract/ground.ts')).smallTopology('async'), { id: 'left', dir: '/nowhere', endsWithinMs: 1 }, () => {}, new AbortController().signal);
    expect(await provider.leftovers('left')).toHaveLength(1);
    expect(await provider.sweep('left')).toHaveLength(1);
    expect(await provider.leftovers('left')).toEqual([]);
    await world[Symbol.asyncDispose]();
  });
});

