import { makeHearing } from '../agent/hearing.ts';
import { openSenses } from '../agent/senses.ts';
import { dataLoss } from '../checks/data-loss.ts';
import { dnsConvergence } from '../checks/dns-convergence.ts';
import { failoverTime } from '../checks/failover-time.ts';
import { lostUpdates } from '../checks/lost-updates.ts';
import { drill } from '../drill.ts';
import { judge } from '../judge.ts';
import { tick } from '../ticker.ts';
import { plantAnswers } from './answers.ts';
import { blindnesses, plantBlindness } from './blind.ts';
import { duds, plantDuds } from './duds.ts';
import { plantLosses } from './losses.ts';
import { plantNames } from './names.ts';
import { realRows } from './real.ts';
import { plantedResolvers, plantResolvers } from './resolvers.ts';
import { rowOf, type Row } from './row.ts';
import { plantStages } from './stages.ts';
import { plantUpdates } from './updates.ts';
import { plantVirtual, virtualModeNames } from './virtual.ts';
import { measureZero, type Noise } from './zero.ts';

/**
 * How much to plant: real outages a mode, on how many servers a mode at once, none longer than `mostMs`; so many of them once more on busy CPUs; so many outages a
 * mode in virtual time, histories of every other kind, and drills with nothing broken.
 */
export interface Options { readonly cases: number; readonly targets: number; readonly mostMs?: number; readonly busyCases: number; readonly virtualCases: number; readonly histories: number; readonly noops: number; readonly seed: string }

/** What `regionfall calibrate` plants. */
export const wholeCalibration: Options = { cases: 100, targets: 10, busyCases: 20, virtualCases: 300, histories: 100, noops: 50, seed: 'whole' };

/** What came of it: a row a kind of truth, none of which may miss, and what remains where nothing is broken. */
export interface Calibration { readonly rows: readonly Row[]; readonly noise: readonly Noise[] }

/** Plants known truths and measures them with the instruments as shipped. `say` hears of every miss. */
export async function calibrate(options: Options, say: (line: string) => void): Promise<Calibration> {
  const rows: Row[] = await realRows(options, say);
  for (const mode of virtualModeNames) rows.push(rowOf(`${mode}, virtual`, await plantVirtual(tick, mode, options.virtualCases, options.seed), say));
  rows.push(...historyRows(options, say), ...await brokenRows(options, say));
  const zero = await measureZero(options.noops, options.seed);
  rows.push(countRow('nothing broken (noop on sim)', zero.misses.map((misses) => ({ misses })), say));
  return { rows, noise: zero.noise };
}

/** Truths on histories: losses, names and resolvers, stages. */
function historyRows({ histories, seed }: Options, say: (line: string) => void): Row[] {
  const rows: Row[] = [];
  for (const { mode, planted, misses } of plantLosses(dataLoss, histories, seed)) {
    for (const miss of misses) say(`writes ${mode}: ${miss}`);
    rows.push({ mode: `writes ${mode}`, cases: planted, misses: misses.length, biasMs: null, mostBiasMs: null, widthMs: null, mostWidthMs: null });
  }
  for (const { mode, planted, misses } of plantUpdates(lostUpdates, histories, seed)) {
    for (const miss of misses) say(`updates ${mode}: ${miss}`);
    rows.push({ mode: `updates ${mode}`, cases: planted, misses: misses.length, biasMs: null, mostBiasMs: null, widthMs: null, mostWidthMs: null });
  }
  const names = plantNames(dnsConvergence, histories, seed);
  for (const mode of ['steady cache', 'flapping cache'] as const) rows.push(rowOf(mode, names.filter((one) => one.mode === mode), say));
  const resolvers = plantResolvers(dnsConvergence, histories, seed);
  for (const kind of Object.keys(plantedResolvers)) rows.push(countRow(`resolver ${kind}`, resolvers.flatMap((one) => (one.kind === kind && one.misses ? [{ misses: one.misses }] : [])), say));
  const stages = plantStages(failoverTime, histories, seed);
  for (const mode of ['stages, seen and unseen', 'time to recover'] as const) rows.push(rowOf(mode, stages.filter((one) => one.mode === mode), say));
  return rows;
}

/** Faults that do nothing, harnesses that are blind, and looks whose truth a server knows. */
async function brokenRows({ histories, seed }: Options, say: (line: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  const blinded = plantBlindness(makeHearing, judge, Math.ceil(histories / 4), seed);
  for (const kind of blindnesses) rows.push(countRow(`harness: ${kind}`, blinded.filter((one) => one.kind === kind), say));
  const dudded = await plantDuds(drill, Array.from({ length: Math.ceil(histories / 20) }, (_, index) => `${seed} ${index}`));
  for (const dud of Object.keys(duds)) rows.push(countRow(`fault: ${dud}`, dudded.filter((one) => one.dud === dud), say));
  const answers = await plantAnswers(openSenses, 2 * histories, seed);
  for (const kind of ['writes, as they fared', 'connections, new and kept'] as const) rows.push(countRow(kind, answers.filter((one) => one.kind === kind), say));
  return rows;
}

function countRow(mode: string, cases: readonly { readonly misses: readonly string[] }[], say: (line: string) => void): Row {
  return rowOf(mode, cases.map(({ misses }) => ({ misses, biasMs: null, widthMs: null })), say);
}
