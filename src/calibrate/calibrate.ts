import { dataLoss } from '../checks/data-loss.ts';
import { dnsConvergence } from '../checks/dns-convergence.ts';
import { tick } from '../ticker.ts';
import type { Case } from './held.ts';
import { plantLosses } from './losses.ts';
import { plantNames } from './names.ts';
import { realModes } from './out.ts';
import { plantReal } from './outages.ts';
import { plantVirtual, virtualModes } from './virtual.ts';

/** One line of the calibration: what was planted how often, how often the truth was missed, and how far off and how wide the answer was on average (ms; null where it is a count). `disturbed`: cases left out because the machine was too busy. */
export interface Row { readonly mode: string; readonly cases: number; readonly misses: number; readonly biasMs: number | null; readonly widthMs: number | null; readonly disturbed?: number }

/** How much to plant: real outages a mode, on how many servers a mode at once, none longer than `mostMs`; the rest takes no time. */
export interface Options { readonly cases: number; readonly targets: number; readonly mostMs?: number; readonly seed: string }

/** What `regionfall calibrate` plants: at least a hundred outages a mode. */
export const wholeCalibration: Options = { cases: 100, targets: 10, seed: 'whole' };

/** A busy machine may cost so many rounds more before too few cases are left to speak of. */
const mostRounds = 4;

/** Plants known truths and measures them with the instruments as shipped; a row a kind of truth, none of which may miss. `say` hears of every miss. */
export async function calibrate(options: Options, say: (line: string) => void): Promise<Row[]> {
  const rows: Row[] = await realRows(options, say);
  for (const mode of virtualModes) rows.push(rowOf(`${mode}, virtual`, await plantVirtual(tick, mode, Math.max(100, options.cases), options.seed), say));
  for (const { mode, planted, misses } of plantLosses(dataLoss, Math.max(100, options.cases), options.seed)) {
    for (const miss of misses) say(`writes ${mode}: ${miss}`);
    rows.push({ mode: `writes ${mode}`, cases: planted, misses: misses.length, biasMs: null, widthMs: null });
  }
  const names = plantNames(dnsConvergence, Math.max(100, options.cases), options.seed);
  for (const mode of ['steady cache', 'flapping cache'] as const) rows.push(rowOf(mode, names.filter((one) => one.mode === mode), say));
  return rows;
}

async function realRows({ cases, targets, mostMs, seed }: Options, say: (line: string) => void): Promise<Row[]> {
  const all: Case[] = [];
  const disturbed = new Map<string, number>();
  const lacking = () => realModes.filter((mode) => all.filter((one) => one.planted.mode === mode && !one.odd).length < cases);
  for (let round = 0; round < mostRounds && lacking().length > 0; round += 1) {
    const modes = lacking();
    say(`real outages: ${modes.join(', ')}`);
    const found = await plantReal({ modes, cases: round === 0 ? cases : Math.ceil(cases / 4), targets, seed: `${seed} ${round}`, ...(mostMs === undefined ? {} : { mostMs }) });
    all.push(...found.cases);
    for (const mode of found.disturbed) disturbed.set(mode, (disturbed.get(mode) ?? 0) + 1);
  }
  return realModes.map((mode) => ({ ...rowOf(mode, all.filter(({ planted }) => planted.mode === mode), say), disturbed: disturbed.get(mode) ?? 0 }));
}

type Measured = Pick<Case, 'misses' | 'biasMs' | 'widthMs' | 'odd'>;

function rowOf(mode: string, cases: readonly Measured[], say: (line: string) => void): Row {
  for (const { misses } of cases) for (const miss of misses) say(`${mode}: ${miss}`);
  const mean = (of: (one: Measured) => number | null): number | null => {
    const values = cases.map(of).filter((value) => value !== null);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return { mode, cases: cases.filter(({ odd }) => !odd).length, misses: cases.filter(({ misses }) => misses.length > 0).length, biasMs: mean(({ biasMs }) => biasMs), widthMs: mean(({ widthMs }) => widthMs) };
}
