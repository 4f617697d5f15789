import { z } from 'zod';
import type { Check, Measure } from '../check.ts';
import { ms } from '../duration.ts';
import { entriesOf, samplesOf, type History } from '../history.ts';
import { between, counted, lasting, missing, ruleBy, sayMeasure, saySeconds, seconds, worstOf, type Moment } from '../judge/bounds.ts';
import { leadingFault, leftRegion, takingRegion } from '../judge/looks.ts';
import type { Place } from '../topology.ts';
import { censusesIn, has, holds } from './loss/censuses.ts';
import { decidedBy, known, readLedger } from './loss/ledger.ts';

const objective = z.strictObject({ maxBack: ms().optional() });
type Objective = z.output<typeof objective>;

/** An acknowledged write of one region that the other had not when the break ended. `ackedAt` in ms. */
interface Lacked { readonly writer: string; readonly number: number; readonly ackedAt: number; readonly back: boolean }
/** All of them in one direction; a text says why they are not known. `at`: when the region that lacked them was read. */
interface Lack { readonly from: Place; readonly to: Place; readonly at: number; readonly writes: readonly Lacked[] }

/** What the finding of `reunion` carries beside its measures. */
export interface Details { readonly ways: readonly ({ readonly from: Place; readonly to: Place } & ({ readonly writes: number; readonly never: readonly string[] } | { readonly unknown: string }))[] }

const units = { 'reunion.away': 'writes', 'reunion.away.span': 's', 'reunion.ahead': 'writes', 'reunion.ahead.span': 's', 'reunion.never': 'writes', 'reunion.back': 's', 'reunion.forward': 's' } as const satisfies Readonly<Record<string, Measure['unit']>>;
type Name = keyof typeof units;
const names = Object.keys(units) as Name[];
const listed = 100;

/** What two regions that both take writes did not have of each other while they were apart, and when they had it again. Nothing of it is lost, unless it never comes. */
export const reunion: Check<Objective> = {
  kind: 'reunion',
  about: 'counts acknowledged writes that the other active region had not when the break ended, and measures how soon after the heal each had all of the other\'s (it takes probes of kind copy)',
  measures: names,
  objective,
  judge(history, { maxBack }) {
    const [left, taking] = [leftRegion(history), takingRegion(history)];
    const [away, ahead] = [lackedBy(history, left, taking), lackedBy(history, taking, left)];
    const measures = [...measureLack('reunion.away', away), ...measureLack('reunion.ahead', ahead), measureNever([away, ahead]), measureReturn(history, 'reunion.back', away), measureReturn(history, 'reunion.forward', ahead)];
    const named = (name: Name) => measures.find((measure) => measure.name === name) as Measure;
    const never = named('reunion.never').value;
    const rulings = [
      ...(never === null ? ['inconclusive' as const] : never > 0 ? ['fail' as const] : []),
      ...(maxBack === undefined ? [] : ([['reunion.back', away], ['reunion.forward', ahead]] as const).map(([name, lack]) => (typeof lack !== 'string' && lack.writes.length === 0 ? 'pass' as const : ruleBy(named(name), seconds(maxBack))))),
    ];
    const details: Details = { ways: ([[left, taking, away], [taking, left, ahead]] as const).map(([from, to, lack]) => ({ from, to, ...(typeof lack === 'string' ? { unknown: lack } : { writes: lack.writes.length, never: lack.writes.filter(({ back }) => !back).slice(0, listed).map(({ writer, number }) => `${writer}:${number}`) }) })) };
    return { ruling: rulings.length === 0 ? 'measured' : worstOf(rulings), because: say(named, left, taking, maxBack), measures, details };
  },
};

/** Writes that `from` acknowledged before `to` was read at the end of the break, and that it had not then. */
function lackedBy(history: History, from: Place, to: Place): Lack | string {
  const apart = censusesIn(history, 'break', to).at(-1);
  if (!apart) return `${to} was not read while they were apart`;
  const server = [...censusesIn(history, 'break', from), ...censusesIn(history, 'heal', from), ...censusesIn(history, 'reconcile', from)][0]?.census.server;
  const ends = [from, to].map((region) => censusesIn(history, 'reconcile', region).at(-1));
  if (server === undefined || ends.includes(undefined)) return 'not both databases were read in the end';
  const writes: Lacked[] = [];
  for (const writer of readLedger(history).values()) {
    for (let number = 0; number <= writer.last; number += 1) {
      if (writer.known[number] !== known.acked || has(apart.census, writer.name, number)) continue;
      const { ended, data } = decidedBy(history, writer, number);
      if (data?.server === server && ended < apart.started) writes.push({ writer: writer.name, number, ackedAt: ended, back: ends.every((end) => end !== undefined && has(end.census, writer.name, number)) });
    }
  }
  return { from, to, at: apart.started, writes };
}

function measureLack(name: 'reunion.away' | 'reunion.ahead', lack: Lack | string): Measure[] {
  if (typeof lack === 'string') return [missing(name, 'writes', lack), missing(`${name}.span`, 's', lack)];
  const oldest = lack.writes.reduce((first, { ackedAt }) => Math.min(first, ackedAt), lack.at);
  const span = lack.at - oldest;
  return [counted(name, 'writes', lack.writes.length, lack.writes.length), lasting(`${name}.span`, { value: span, low: span, high: span }, lack.writes.length)];
}

function measureNever(lacks: readonly (Lack | string)[]): Measure {
  const known = lacks.flatMap((lack) => (typeof lack === 'string' ? [] : lack.writes));
  if (lacks.every((lack) => typeof lack === 'string')) return missing('reunion.never', 'writes', String(lacks[0]));
  return counted('reunion.never', 'writes', known.filter(({ back }) => !back).length, known.length);
}

/** From the heal to the first look of a copy that showed all that it had lacked; the latest of all writers. */
function measureReturn(history: History, name: 'reunion.back' | 'reunion.forward', lack: Lack | string): Measure {
  if (typeof lack === 'string') return missing(name, 's', lack);
  const healed = healOf(history);
  if (!healed) return missing(name, 's', 'nothing was healed');
  const copies = history.run.probes.filter(({ kind, place, params }) => kind === 'copy' && place === lack.to && lack.writes.some(({ writer }) => writer === params['writer']));
  if (lack.writes.length === 0) return missing(name, 's', `${lack.to} lacked nothing`);
  if (copies.length === 0) return missing(name, 's', `no copy was read in ${lack.to} of a writer whose writes it lacked`);
  const moments = copies.map(({ name: probe, params }) => returnOf(history, probe, lack.writes.filter(({ writer }) => writer === params['writer']), healed.low));
  const known = moments.flatMap((moment) => moment ?? []);
  if (known.length < moments.length) return missing(name, 's', `a copy in ${lack.to} never showed all of it`);
  return lasting(name, between(healed, known.reduce((late, moment) => (moment.at > late.at ? moment : late))), lack.writes.length);
}

function healOf(history: History): Moment | null {
  const fault = leadingFault(history);
  const of = (state: 'healing' | 'healed') => entriesOf(history, 'fault').find((entry) => entry.name === fault?.name && entry.state === state)?.at;
  const [low, high] = [of('healing'), of('healed')];
  return low === undefined ? null : { at: low, low, high: high ?? low };
}

function returnOf(history: History, probe: string, writes: readonly Lacked[], since: number): Moment | null {
  const looks = samplesOf(history, 'read', probe).filter(({ ok, data, started }) => ok && data !== null && started >= since);
  const all = looks.findIndex(({ data }) => data !== null && writes.every(({ number, back }) => !back || (number >= data.from && holds(data.numbers, number))));
  const look = looks[all];
  return look ? { at: look.started, low: looks[all - 1]?.started ?? since, high: look.ended } : null;
}

function say(named: (name: Name) => Measure, left: Place, taking: Place, maxBack: number | undefined): string {
  const way = (from: Place, to: Place, lack: Name, span: Name, back: Name) => {
    const [count, long, soon] = [named(lack), named(span), named(back)];
    if (count.value === null) return `What ${to} had not of ${from} is not known: ${count.reason ?? ''}.`;
    if (count.value === 0) return `${to} had all that ${from} had acknowledged.`;
    return `When the break ended, ${to} had not ${sayMeasure(count)} that ${from} had acknowledged, the oldest ${saySeconds((long.value ?? 0) * 1_000)} before; ${soon.value === null ? `when it had them is not known: ${soon.reason ?? ''}` : `it had all of them ${sayMeasure(soon)} after the heal`}.`;
  };
  const never = named('reunion.never');
  return [
    way(left, taking, 'reunion.away', 'reunion.away.span', 'reunion.back'), way(taking, left, 'reunion.ahead', 'reunion.ahead.span', 'reunion.forward'),
    never.value === null ? '' : never.value === 0 ? 'In the end both have everything of it: it had been out of reach, not lost.' : `${sayMeasure(never)} of these never came to both.`,
    maxBack === undefined ? '' : `Allowed were ${saySeconds(maxBack)} after the heal.`,
  ].filter((sentence) => sentence !== '').join(' ');
}
