import { makeHearing } from '../agent/hearing.ts';
import { watchFrom } from '../agent/run.ts';
import { openSenses } from '../agent/senses.ts';
import { connections } from '../checks/connections.ts';
import { dataLoss } from '../checks/data-loss.ts';
import { dnsConvergence } from '../checks/dns-convergence.ts';
import { failoverTime } from '../checks/failover-time.ts';
import { lostUpdates } from '../checks/lost-updates.ts';
import { drill } from '../drill.ts';
import { breakAndWatch } from '../drill/break.ts';
import { linkCut } from '../faults/link-cut.ts';
import { judge } from '../judge.ts';
import { dns } from '../probes/dns.ts';
import { http } from '../probes/http.ts';
import { ledger } from '../probes/ledger.ts';
import { reads } from '../probes/reads.ts';
import { registers } from '../probes/registers.ts';
import { tick } from '../ticker.ts';
import { plantAnswers } from './losses/answers.ts';
import { plantBites } from './harness/bites.ts';
import { blindnesses, plantBlindness } from './harness/blind.ts';
import { cacheRows } from './names/cache-rows.ts';
import { duds, plantDuds } from './harness/duds.ts';
import { plantEdges } from './harness/edges.ts';
import { plantHidden } from './harness/hiding.ts';
import { plantLosses } from './losses/losses.ts';
import { plantLooks } from './names/looks.ts';
import { plantNames } from './names/names.ts';
import { realModes, realShapes } from './outages/out.ts';
import { databaseRows } from './losses/real-losses.ts';
import { busyRows, realRows } from './outages/real.ts';
import { plantedResolvers, plantResolvers } from './names/resolvers.ts';
import { countRow, foundRow, rowOf, type Row } from './row.ts';
import { plantStalls } from './harness/self.ts';
import { plantStages } from './stages.ts';
import { plantedStorms, plantStorms } from './storms.ts';
import { plantUnseen } from './harness/unseen.ts';
import { plantUpdates } from './losses/updates.ts';
import { plantVirtual, virtualModeNames } from './outages/virtual.ts';
import { measureZero, type Noise } from './harness/zero.ts';

/**
 * How much to plant: real outages a mode, on how many servers a mode at once, none longer than `mostMs`; so many on busy CPUs; so many outages a mode in virtual
 * time, histories of every other kind, pairs of real servers of each database engine, moves of a name under real caches, and drills with nothing broken.
 */
export interface Options { readonly cases: number; readonly targets: number; readonly mostMs?: number; readonly busyCases: number; readonly virtualCases: number; readonly histories: number; readonly databases: number; readonly caches: number; readonly noops: number; readonly seed: string }

/** What came of it: a row a kind of truth, none of which may miss, and what remains where nothing is broken. */
export interface Calibration { readonly rows: readonly Row[]; readonly noise: readonly Noise[] }

/** A part of the calibration that stands by itself, and which of the options it goes by. `say` hears of every miss, and how far it is. */
export interface Part { readonly name: string; readonly about: string; readonly by: readonly (keyof Options)[]; run(options: Options, say: (line: string) => void): Promise<Calibration> }

type Say = (line: string) => void;
const part = (name: string, about: string, by: Part['by'], rows: (options: Options, say: Say) => Promise<Row[]> | Row[]): Part => ({ name, about, by: [...by, 'seed'], run: async (options, say) => ({ rows: await rows(options, say), noise: [] }) });

/** All parts, in the order in which they are run: real outages a mode each. */
export const parts: readonly Part[] = [
  ...realModes.map((mode) => part(mode, 'real servers are taken away for 0.2 to 60 s while a real agent looks at them', ['cases', 'targets', 'mostMs'], (options, say) => realRows(options, [mode], say))),
  ...realShapes.map((shape) => part(shape, 'real servers are in trouble of another shape', ['cases', 'targets', 'mostMs'], (options, say) => realRows(options, [shape], say))),
  part('busy', 'the same, shorter, while every CPU has something else to do', ['busyCases', 'mostMs'], busyRows),
  part('virtual', 'outages in virtual time, where truth is exact', ['virtualCases', 'mostMs'], async ({ virtualCases, seed, mostMs }, say) => {
    const rows: Row[] = [];
    for (const mode of virtualModeNames) rows.push(rowOf(`${mode}, virtual`, await plantVirtual(tick, mode, virtualCases, seed, mostMs), say));
    return rows;
  }),
  part('writes', 'writes that are lost, doubled, late, or nobody\'s', ['histories'], ({ histories, seed }, say) => foundRows('writes', plantLosses(dataLoss, histories, seed), say)),
  part('updates', 'updates that are taken back, or conflict', ['histories'], ({ histories, seed }, say) => foundRows('updates', plantUpdates(lostUpdates, histories, seed), say)),
  part('databases', 'writes and updates that are lost on the real databases that are installed here', ['databases'], databaseRows),
  part('names', 'names that move under modelled caches', ['histories'], nameRows),
  part('caches', 'names that move under the caches that are installed here', ['caches'], cacheRows),
  part('connections', 'storms of new connections on a server that counts them, and is sometimes started again', ['histories'], ({ histories, seed }, say) => {
    const storms = plantStorms(connections, 3 * histories, seed);
    return plantedStorms.map((kind) => countRow(`connections, ${kind}`, storms.filter((one) => one.kind === kind), say));
  }),
  part('stages', 'stages of a failover, some of them unseen', ['histories'], ({ histories, seed }, say) => {
    const stages = plantStages(failoverTime, histories, seed);
    return (['stages, seen and unseen', 'time to recover'] as const).map((mode) => rowOf(mode, stages.filter((one) => one.mode === mode), say));
  }),
  part('harness', 'a harness that is blind, gates at their limits, faults that do nothing or hide each other, and looks whose truth a server knows', ['histories'], brokenRows),
  {
    name: 'nothing', about: 'drills on the simulated world in which nothing is broken', by: ['noops', 'seed'],
    async run({ noops, seed }, say) {
      const zero = await measureZero(noops, seed);
      return { rows: [countRow('nothing broken (noop on sim)', zero.misses.map((misses) => ({ misses })), say)], noise: zero.noise };
    },
  },
];

function foundRows(what: string, found: readonly { readonly mode: string; readonly planted: number; readonly misses: readonly string[] }[], say: Say): Row[] {
  return found.map(({ mode, planted, misses }) => foundRow(`${what} ${mode}`, planted, misses, say));
}

function nameRows({ histories, seed }: Options, say: Say): Row[] {
  const names = plantNames(dnsConvergence, histories, seed);
  const resolvers = plantResolvers(dnsConvergence, histories, seed);
  return [
    ...(['steady cache', 'flapping cache'] as const).map((mode) => rowOf(mode, names.filter((one) => one.mode === mode), say)),
    ...Object.keys(plantedResolvers).map((kind) => countRow(`resolver ${kind}`, resolvers.flatMap((one) => (one.kind === kind && one.misses ? [{ misses: one.misses }] : [])), say)),
  ];
}

/** Harnesses that are blind, or just not too blind; faults that do nothing, bite late or hide each other; and looks whose truth a server knows. */
async function brokenRows({ histories, seed }: Options, say: Say): Promise<Row[]> {
  const blinded = plantBlindness(makeHearing, judge, Math.ceil(histories / 4), seed);
  const dudded = await plantDuds(drill, Array.from({ length: Math.ceil(histories / 20) }, (_, index) => `${seed} ${index}`));
  const answers = await plantAnswers(openSenses, 2 * histories, seed);
  const looks = await plantLooks(openSenses, { http, registers, ledger, reads, dns }, Math.ceil(histories / 4), seed);
  return [
    ...blindnesses.map((kind) => countRow(`harness: ${kind}`, blinded.filter((one) => one.kind === kind), say)),
    rowOf('harness: blind around an end', plantUnseen(failoverTime, judge, histories, seed), say),
    countRow('harness: a gate at its limit', plantEdges(judge, Math.ceil(histories / 4), seed), say),
    countRow('harness: an agent of itself', await plantStalls(watchFrom, histories, seed), say),
    ...Object.keys(duds).map((dud) => countRow(`fault: ${dud}`, dudded.filter((one) => one.dud === dud), say)),
    countRow('fault: half of it, or behind another', await plantHidden(breakAndWatch, linkCut, seed), say),
    rowOf('fault: when it bit', await plantBites(breakAndWatch, 3 * histories, seed), say),
    ...(['writes, as they fared', 'connections, new and kept'] as const).map((kind) => countRow(kind, answers.filter((one) => one.kind === kind), say)),
    countRow('looks, as they were answered', looks, say),
  ];
}
