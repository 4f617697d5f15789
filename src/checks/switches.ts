import { z } from 'zod';
import { counted, ruleBy, saySeconds, worstOf } from '../judge/bounds.ts';
import type { Check, Measure, Ruling } from '../check.ts';
import { marks, phaseSpan, timeZero, type History, type Mark } from '../history.ts';
import { leadingFault, measuredSpan } from '../judge/looks.ts';
import { isActiveActive } from '../topology.ts';
import { vantagesOf, type Vantage } from './dns/vantages.ts';

const objective = z.strictObject({ maxName: z.int().min(0).optional(), maxDatabase: z.int().min(0).optional() });
type Objective = z.output<typeof objective>;

/** One time that something moved: ms since the start of the run, and where it went. */
export interface Move { readonly at: number; readonly to: string }

/** What the finding of `switches` carries beside its measures. */
export interface Details { readonly name: readonly Move[]; readonly database: readonly Move[] }

/** How often users and the database were moved, from the fault until somebody asked for the way back. What moves to and fro was decided on too little. */
export const switches: Check<Objective> = {
  kind: 'switches',
  about: 'counts how often the service\'s name and the primary database were moved, from the fault until somebody asks for the way back',
  measures: ['switches.name', 'switches.database'],
  objective,
  judge(history, { maxName, maxDatabase }) {
    const { from, to } = windowOf(history);
    const name = movesOfName(history, from, to);
    const database = promotionsIn(history, from, to);
    const measures = [counted('switches.name', 'count', name.length, 1), counted('switches.database', 'count', database.length, 1)];
    const rulings = [rule(measures[0] as Measure, maxName), rule(measures[1] as Measure, maxDatabase)].flat();
    const details: Details = { name, database };
    return { ruling: rulings.length === 0 ? 'measured' : worstOf(rulings), because: say(details, from, maxName, maxDatabase), measures, details };
  },
};

function rule(measure: Measure, max: number | undefined): Ruling[] {
  return max === undefined ? [] : [ruleBy(measure, max)];
}

function windowOf(history: History): { readonly from: number; readonly to: number } {
  const fault = leadingFault(history);
  const from = (fault && timeZero(history, fault.name)?.low) ?? phaseSpan(history, 'break')?.from ?? measuredSpan(history).from;
  const ends = (['rejoin', 'fail back', 'quiesce'] as const).flatMap((phase) => phaseSpan(history, phase)?.from ?? []);
  return { from, to: Math.min(measuredSpan(history).to, ...ends) };
}

/** As the authority saw it that changed most often; where none was asked, as the load balancer says that all had it. */
function movesOfName(history: History, from: number, to: number): Move[] {
  const seen = vantagesOf(history).filter(({ server }) => history.run.topology.authorities.includes(server)).map((vantage) => changesAt(history, vantage, from, to));
  // Where answers are picked by weight, each look may be told another of them though nothing moved.
  if (seen.length > 0 && !isActiveActive(history.run.topology)) return seen.reduce((most, one) => (one.length > most.length ? one : most));
  return marksOf(history, marks.published, from, to).filter(({ subject }) => subject === history.run.topology.names.service)
    .map(({ at, evidence }) => ({ at, to: sayAddresses(history, Array.isArray(evidence['addresses']) ? evidence['addresses'].map(String) : []) }));
}

function changesAt(history: History, { looks }: Vantage, from: number, to: number): Move[] {
  const moves: Move[] = [];
  let last: string | null = null;
  for (const { ok, started, data } of looks) {
    // An answer without an address is one; no answer at all says nothing of the name.
    if (data === null || data.rcode !== 'NOERROR' || started > to) continue;
    const now = sayAddresses(history, ok ? data.addresses : []);
    if (last !== null && now !== last && started >= from) moves.push({ at: started, to: now });
    last = now;
  }
  return moves;
}

function sayAddresses(history: History, addresses: readonly string[]): string {
  const region = (address: string) => Object.entries(history.run.addresses).find(([, of]) => of === address)?.[0] ?? address;
  return addresses.length === 0 ? 'nowhere' : addresses.map(region).sort().join(' and ');
}

function promotionsIn(history: History, from: number, to: number): Move[] {
  return marksOf(history, marks.promoted, from, to).map(({ at, subject }) => ({ at, to: subject }));
}

function marksOf(history: History, what: string, from: number, to: number): Mark[] {
  return history.entries.filter((entry): entry is Mark => entry.kind === 'mark' && entry.what === what && entry.at >= from && entry.at <= to);
}

function say({ name, database }: Details, from: number, maxName: number | undefined, maxDatabase: number | undefined): string {
  const one = (what: string, moves: readonly Move[], max: number | undefined) => {
    const allowed = max === undefined ? '' : `; ${max === 0 ? 'it was not to' : `${max} ${max === 1 ? 'time was' : 'times were'} allowed`}`;
    if (moves.length === 0) return `${what} did not move${max === undefined || max === 0 ? '' : allowed}.`;
    const shown = moves.slice(0, 6).map(({ at, to }) => `to ${to} after ${saySeconds(at - from)}`).join(', ');
    return `${what} moved ${moves.length === 1 ? 'once' : `${moves.length} times`} (${shown}${moves.length > 6 ? ', and on' : ''})${allowed}.`;
  };
  return `${one('The service\'s name', name, maxName)} ${one('The primary database', database, maxDatabase)}`;
}
