import { z } from 'zod';
import type { Check, Measure, Ruling } from '../check.ts';
import { ms } from '../duration.ts';
import { samplesOf, timeZero, type History } from '../history.ts';
import { between, counted, lasting, missing, ruleBy, sayMeasure, saySeconds, seconds, worstOf } from '../judge/bounds.ts';
import { clientProbes, leadingFault, leftRegion, measuredSpan, takingRegion } from '../judge/looks.ts';
import { followClient } from '../judge/recovery.ts';
import type { Place } from '../topology.ts';
import { vantagesOf } from './dns/vantages.ts';

const objective = z.strictObject({ maxHurtPct: z.number().min(0).max(100).optional(), max: ms().optional() });
type Objective = z.output<typeof objective>;

/** One client, by the page it asks for behind a resolver of its own: the region that served it when the fault was pulled (null: none did), and its bad looks until the heal. */
export interface Client { readonly probe: string; readonly home: Place | null; readonly bad: number }

/** What the finding of `spread` carries beside its measures. */
export interface Details { readonly left: Place; readonly taking: Place; readonly clients: readonly Client[] }

const names = ['spread.answered', 'spread.hurt', 'spread.hurt.left', 'spread.hurt.taking', 'spread.rto.left', 'spread.rto.taking'] as const;

/** How many of the clients that are spread over both regions had anything of the fault, and for how long, by which region served them when it came. */
export const spread: Check<Objective> = {
  kind: 'spread',
  about: 'tells which share of the clients of two active regions were hurt when one was lost, and for how long, by the region that served them (it takes an http probe behind each resolver)',
  measures: names,
  objective,
  judge(history, { maxHurtPct, max }) {
    const fault = leadingFault(history);
    const zero = fault && timeZero(history, fault.name);
    if (!zero) return { ruling: 'inconclusive', because: 'Who was hurt is not known: no fault was proven.', measures: names.map((name) => missing(name, name.startsWith('spread.rto') ? 's' : '%', 'no fault was proven')) };
    const details: Details = { left: leftRegion(history), taking: takingRegion(history), clients: clientsOf(history, zero.low) };
    const measures = measure(history, zero, details);
    const named = (name: (typeof names)[number]) => measures.find((one) => one.name === name) as Measure;
    const slow = (['spread.rto.left', 'spread.rto.taking'] as const).map(named);
    const rulings: Ruling[] = [
      ...(maxHurtPct === undefined ? [] : [ruleBy(named('spread.hurt'), maxHurtPct)]),
      // Who was never hurt has nothing to be served again from.
      ...(max === undefined ? [] : slow.map((one) => (one.value === null && named('spread.hurt').value !== null ? 'pass' : ruleBy(one, seconds(max))))),
    ];
    return { ruling: rulings.length === 0 ? 'measured' : worstOf(rulings), because: say(named, details, { maxHurtPct, max }), measures, details };
  },
};

function clientsOf(history: History, zeroMs: number): Client[] {
  return clientProbes(history).filter(({ says }) => says === 'http').map(({ name }) => {
    const last = samplesOf(history, 'http', name).findLast(({ ok, ended }) => ok && ended <= zeroMs);
    return { probe: name, home: last?.data?.servedBy ?? null, bad: followClient(only(history, [name]), zeroMs).bad[name] ?? 0 };
  });
}

/** The history as if these probes alone were the reference client. */
function only(history: History, probes: readonly string[]): History {
  return { ...history, run: { ...history.run, client: { ...history.run.client, probes } } };
}

function measure(history: History, zero: { readonly low: number; readonly high: number }, { left, taking, clients }: Details): Measure[] {
  const of = (home: Place) => clients.filter((client) => client.home === home);
  const share = (name: string, some: readonly Client[]) => (some.length === 0 ? missing(name, '%', 'there was no such client') : counted(name, '%', (100 * some.filter(({ bad }) => bad > 0).length) / some.length, some.length));
  return [
    measureAnswers(history, zero.low, left), share('spread.hurt', clients), share('spread.hurt.left', of(left)), share('spread.hurt.taking', of(taking)),
    measureRto(history, zero, 'spread.rto.left', of(left)), measureRto(history, zero, 'spread.rto.taking', of(taking)),
  ];
}

/** How often, of all answers of the authorities before the fault, the region was named that was lost: resolvers and their caches are not in it. */
function measureAnswers(history: History, zeroMs: number, left: Place): Measure {
  const { from } = measuredSpan(history);
  const { topology, addresses } = history.run;
  const answers = vantagesOf(history).filter(({ server }) => topology.authorities.includes(server)).flatMap(({ looks }) => looks.filter(({ ok, started, ended }) => ok && started >= from && ended <= zeroMs));
  if (answers.length === 0) return missing('spread.answered', '%', 'no authority was asked before the fault');
  const named = answers.filter(({ data }) => data?.addresses.includes(addresses[left] ?? '')).length;
  return counted('spread.answered', '%', (100 * named) / answers.length, answers.length);
}

/** From time zero until all of them were served again for good. */
function measureRto(history: History, zero: { readonly low: number; readonly high: number }, name: string, clients: readonly Client[]): Measure {
  const hurt = clients.filter(({ bad }) => bad > 0);
  if (hurt.length === 0) return missing(name, 's', clients.length === 0 ? 'there was no such client' : 'none of them noticed anything', clients.length);
  const course = followClient(only(history, hurt.map(({ probe }) => probe)), zero.low);
  if (course.recovery) return lasting(name, between({ at: zero.low, ...zero }, course.recovery), hurt.length);
  const atLeast = Math.max(0, (course.lastBad?.started ?? zero.high) - zero.high);
  return lasting(name, { value: atLeast, low: atLeast, high: null }, hurt.length, true);
}

function say(named: (name: (typeof names)[number]) => Measure, { left, taking, clients }: Details, { maxHurtPct, max }: Objective): string {
  const hurt = clients.filter(({ bad }) => bad > 0).length;
  const group = (region: Place, rto: Measure) => {
    const all = clients.filter(({ home }) => home === region);
    const some = all.filter(({ bad }) => bad > 0).length;
    return `Of ${all.length} that ${region} served, ${some} ${some === 1 ? 'was' : 'were'}${some === 0 ? '' : `, until ${sayMeasure(rto)} after it began`}.`;
  };
  const limits = [maxHurtPct === undefined ? [] : [`${maxHurtPct} % hurt`], max === undefined ? [] : [saySeconds(max)]].flat();
  const answered = named('spread.answered');
  return [
    `${hurt} of ${clients.length} clients, each behind a resolver of its own, ${hurt === 1 ? 'was' : 'were'} hurt.`, group(left, named('spread.rto.left')), group(taking, named('spread.rto.taking')),
    ...(answered.value === null ? [] : [`Before it, ${answered.value.toFixed(0)} % of ${answered.n} answers of the authorities had been ${left}.`]),
    ...(limits.length === 0 ? [] : [`Allowed were ${limits.join(' and ')}.`]),
  ].join(' ');
}
