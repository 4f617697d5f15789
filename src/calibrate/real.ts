import { realModes, type RealMode } from './out.ts';
import { plantReal, type Connections, type RealCase, type RealCases } from './outages.ts';
import { rowOf, type Row } from './row.ts';

/** How many real outages a mode, on how many servers a mode at once, none longer than `mostMs`, and how many more on busy CPUs. */
export interface RealOptions { readonly cases: number; readonly targets: number; readonly mostMs?: number; readonly busyCases: number; readonly seed: string }

/** A busy machine may cost so many rounds more before too few cases are left to speak of. */
const mostRounds = 4;
/** The longest outage that is planted on busy CPUs (ms). */
const busyMostMs = 3_000;

/** Real outages of these modes on new and on kept connections, a row each. */
export async function realRows(options: RealOptions, modes: readonly RealMode[], say: (line: string) => void): Promise<Row[]> {
  const quiet = await plantAll(options, modes, say);
  return modes.flatMap((mode) => (['new', 'reused'] as const).map((connections) => rowFor(`${mode}, ${connections}`, quiet, (one) => one.mode === mode && one.connections === connections, options.cases / 2, say)));
}

/** Real outages once more on busy CPUs, a row a mode. Some of what is planted is spoiled by them; what is left must hold. */
export async function busyRows({ busyCases, mostMs, seed }: RealOptions, say: (line: string) => void): Promise<Row[]> {
  if (busyCases === 0) return [];
  const busy = await plantReal({ modes: realModes, busy: true, cases: busyCases, targets: 2, mostMs: Math.min(busyMostMs, mostMs ?? busyMostMs), seed: `${seed} busy` }, say);
  return realModes.map((mode) => rowFor(`${mode}, CPUs busy`, busy, (one) => one.mode === mode, busyCases / 2, say));
}

async function plantAll({ cases, targets, mostMs, seed }: RealOptions, wanted: readonly RealMode[], say: (line: string) => void): Promise<RealCases> {
  const all: RealCase[] = [];
  const disturbed: RealCases['disturbed'][number][] = [];
  const enough = (mode: RealMode) => (['new', 'reused'] as const).every((connections) => all.filter((one) => one.planted.mode === mode && one.connections === connections && !one.odd).length >= cases / 2);
  for (let round = 0; round < mostRounds; round += 1) {
    const modes = wanted.filter((mode) => !enough(mode));
    if (modes.length === 0) break;
    say(`real outages: ${modes.join(', ')}`);
    const found = await plantReal({ modes, cases: round === 0 ? cases : Math.ceil(cases / 4), targets, seed: `${seed} ${round}`, ...(mostMs === undefined ? {} : { mostMs }) }, say);
    all.push(...found.cases);
    disturbed.push(...found.disturbed);
  }
  return { cases: all, disturbed };
}

function rowFor(name: string, { cases, disturbed }: RealCases, of: (one: { readonly mode: string; readonly connections: Connections }) => boolean, wanted: number, say: (line: string) => void): Row {
  const mine = cases.filter((one) => of({ mode: one.planted.mode, connections: one.connections }));
  return { ...rowOf(name, mine, say), disturbed: disturbed.filter(of).length, wanted };
}
