import { realModes, type RealMode } from './out.ts';
import { plantReal, type Connections, type RealCase, type RealCases } from './outages.ts';
import { rowOf, type Row } from '../row.ts';

/** How many real outages a mode, on how many servers a mode at once, none longer than `mostMs`, how many on busy CPUs, and in how many rounds at most what is left out is planted again. */
export interface RealOptions { readonly cases: number; readonly targets: number; readonly mostMs?: number; readonly busyCases: number; readonly seed: string; readonly rounds?: number }

/** Cases that are left out are planted again, in at most so many rounds before too few are left to speak of. */
const mostRounds = 8;
/** More is planted where part of it was left out, as if no less than this share would be left. */
const leastYield = 0.3;
/** On busy CPUs fewer servers are away at once, and none for longer (ms): it is the ends of an outage that a busy machine disturbs. */
const busyTargets = 4;
const busyMostMs = 20_000;

/** Real outages of these modes on new and on kept connections, a row each; none where nothing is to be planted. */
export async function realRows(options: RealOptions, modes: readonly RealMode[], say: (line: string) => void): Promise<Row[]> {
  if (options.cases === 0) return [];
  const quiet = await plantAll(options, modes, say);
  return modes.flatMap((mode) => (['new', 'reused'] as const).map((connections) => rowFor(`${mode}, ${connections}`, quiet, (one) => one.mode === mode && one.connections === connections, options.cases / 2, say)));
}

/** Real outages once more on busy CPUs, a row a mode. Some of what is planted is spoiled by them; what is left must hold. */
export async function busyRows({ busyCases, mostMs, seed }: RealOptions, say: (line: string) => void): Promise<Row[]> {
  if (busyCases === 0) return [];
  const busy = await plantAll({ cases: busyCases, busy: true, targets: busyTargets, mostMs: Math.min(busyMostMs, mostMs ?? busyMostMs), seed: `${seed} busy` }, realModes, say);
  return realModes.map((mode) => rowFor(`${mode}, CPUs busy`, busy, (one) => one.mode === mode, busyCases, say));
}

type Planting = Pick<RealOptions, 'cases' | 'targets' | 'mostMs' | 'seed' | 'rounds'> & { readonly busy?: boolean };

async function plantAll({ cases, rounds = mostRounds, ...planting }: Planting, wanted: readonly RealMode[], say: (line: string) => void): Promise<RealCases> {
  const all: RealCase[] = [];
  const disturbed: RealCases['disturbed'][number][] = [];
  const missing = (mode: RealMode) => 2 * Math.max(...(['new', 'reused'] as const).map((connections) => Math.ceil(cases / 2) - all.filter((one) => one.planted.mode === mode && one.connections === connections && !one.odd).length));
  let yielded = 1; // the share of what was planted last that was not disturbed
  for (let round = 0; round < rounds; round += 1) {
    const modes = wanted.filter((mode) => missing(mode) > 0);
    if (modes.length === 0) break;
    say(`real outages: ${modes.join(', ')}`);
    const found = await plantReal({ ...planting, modes, cases: Math.max(Math.ceil(cases / 4), ...modes.map((mode) => Math.ceil(missing(mode) / yielded))), seed: `${planting.seed} ${round}` }, say);
    all.push(...found.cases);
    disturbed.push(...found.disturbed);
    yielded = Math.max(leastYield, found.cases.length / (found.cases.length + found.disturbed.length));
  }
  return { cases: all, disturbed };
}

function rowFor(name: string, { cases, disturbed }: RealCases, of: (one: { readonly mode: string; readonly connections: Connections }) => boolean, wanted: number, say: (line: string) => void): Row {
  const mine = cases.filter((one) => of({ mode: one.planted.mode, connections: one.connections }));
  return { ...rowOf(name, mine, say), disturbed: disturbed.filter(of).length, wanted };
}
