import { counted, lasting, seconds, type Length } from '../bounds.ts';
import type { Measure } from '../../check.ts';
import type { Gate } from '../gate.ts';
import { entriesOf, samplesOf, type Gap, type History, type Sample, type Watched } from '../../history.ts';
import { measuredSpan, type Unseen } from '../looks.ts';
import type { Place } from '../../topology.ts';

/** A look that was not made widens the bounds beside it by its interval, and no more. With more than this share (%) of a place's looks missing it is the machine that is being measured, and not the system: one in twenty. */
export const missedLimitPct = 1;
/** More than this share (%) of the measured time blind and outages may hide in it; less only widens the bounds of what lies beside it, which every outage does by itself. */
export const blindLimitPct = 1;
/** From how much stolen processor time (%) on it is named beside what went wrong: below that a busy neighbour is one of many reasons. */
const tellingStolenPct = 10;

/** What the agents of one place can be held to. */
interface Condition { readonly place: Place; readonly missedPct: number; readonly blindPct: number; readonly stallMs: number; /** The longest stall while a look ran out of time. */ readonly harmMs: number; readonly stallLimitMs: number; readonly jitterMs: number; /** The most (%) of the machine's processor time that went to others at a time; null where no agent could tell. */ readonly stolenPct: number | null }

/**
 * The agents saw enough, and did not themselves make looks fail. A late start or a late stamp only widens bounds, for these take the start of a good look before
 * and the end of a good one after; but an event loop that stalls as long as a look may take turns a good look bad, so the shortest timeout of a place is the limit of its stalls
 * wherever a look of that place ran out of time while it may have stalled.
 */
export const instrument: Gate = {
  name: 'instrument',
  judge(history) {
    const conditions = [...new Set(history.run.probes.map(({ place }) => place))].map((place) => conditionOf(history, place));
    const wrong = conditions.flatMap(sayWrong);
    const most = (of: (condition: Condition) => number) => Math.max(0, ...conditions.map(of));
    const measures: Measure[] = [
      counted('instrument.missed', '%', most(({ missedPct }) => missedPct), conditions.length), counted('instrument.blind', '%', most(({ blindPct }) => blindPct), conditions.length),
      exactly('instrument.stall', most(({ stallMs }) => stallMs), conditions.length), exactly('instrument.jitter', most(({ jitterMs }) => jitterMs), conditions.length),
    ];
    const stolen = conditions.reduce<number | null>((worst, { stolenPct }) => (stolenPct === null ? worst : Math.max(worst ?? 0, stolenPct)), null);
    if (stolen !== null) measures.push(counted('instrument.stolen', '%', stolen, conditions.length));
    const because = wrong.length > 0 ? `${[...wrong, ...sayStolen(stolen)].join('; ')}.` : `At every place at least ${(100 - most(({ missedPct }) => missedPct)).toFixed(1)} % of the looks were made, and ${(100 - most(({ blindPct }) => blindPct)).toFixed(1)} % of the time was seen.`;
    return { holds: wrong.length === 0, because: because[0]?.toUpperCase() + because.slice(1), measures, details: conditions };
  },
};

function conditionOf(history: History, place: Place): Condition {
  const span = measuredSpan(history);
  const probes = history.run.probes.filter((probe) => probe.place === place);
  const gaps = entriesOf(history, 'gap').filter((entry) => entry.place === place && entry.at > span.from && entry.at <= span.to);
  const [missed, ticks] = gaps.reduce(([some, all], gap) => [some + gap.missed, all + gap.ticks], [0, 0]);
  const told = ticks > 0 ? (100 * missed) / ticks : 0;
  return {
    place, missedPct: Math.max(told, ...probes.map((probe) => unmadePct(history, probe, span))), blindPct: blindPct(history, place, span),
    stallMs: Math.max(0, ...gaps.map(({ stallMax }) => stallMax)), harmMs: harmfulStall(history, place, gaps, span), jitterMs: Math.max(0, ...gaps.map(({ jitterMax }) => jitterMax)), stolenPct: mostStolen(gaps), stallLimitMs: Math.min(...probes.map(({ timeoutMs }) => timeoutMs)),
  };
}

/** The longest stall (ms) of an agent in a time, from one of its entries to the next, in which any of its looks that are judged ran out of time. One that was bad sooner, such as a write that was refused, no stall has spoilt. */
function harmfulStall(history: History, place: Place, gaps: readonly Gap[], span: Unseen): number {
  const limits = new Map(history.run.probes.map(({ name, timeoutMs }) => [name, timeoutMs]));
  const ranOut = ({ probe, started, ended }: Sample) => ended - started >= 0.9 * (limits.get(probe) ?? 0); // a time limit may strike a little early
  const bad = entriesOf(history, 'sample').filter((entry) => entry.place === place && !entry.ok && entry.ended > span.from && entry.started <= span.to && ranOut(entry as Sample));
  const told = entriesOf(history, 'gap').filter((entry) => entry.place === place).map(({ at }) => at).sort((a, b) => a - b);
  const harmful = gaps.filter((gap) => {
    const before = told.findLast((at) => at < gap.at) ?? 0;
    return bad.some(({ started, ended }) => started < gap.at && ended > before);
  });
  return Math.max(0, ...harmful.map(({ stallMax }) => stallMax));
}

/** The share (%) of a probe's schedule, from its first look to its last, without a look: what no agent may have told. Blind time is counted as such. */
function unmadePct(history: History, probe: Watched, { from, to }: Unseen): number {
  const looks = samplesOf(history, probe.says, probe.name).filter(({ scheduled }) => scheduled >= from && scheduled <= to);
  const [first, last] = [looks[0], looks.at(-1)];
  if (!first || !last) return 100;
  const blind = blindMs(history, probe.place, { from: first.scheduled, to: last.scheduled }, probe.name);
  const due = Math.round((last.scheduled - first.scheduled - blind) / probe.everyMs) + 1;
  // A tick may have several looks: those of one iteration of a script were due together.
  const made = new Set(looks.map(({ scheduled }) => scheduled)).size;
  return due <= 0 ? 0 : Math.max(0, (100 * (due - made)) / due);
}

function blindPct(history: History, place: Place, span: Unseen): number {
  return span.to > span.from ? (100 * blindMs(history, place, span)) / (span.to - span.from) : 0;
}

/** Blind time (ms) of a place within a span, overlaps counted once; of any of its probes, or of one. */
function blindMs(history: History, place: Place, { from, to }: Unseen, probe?: string): number {
  const spans = entriesOf(history, 'blind').filter((entry) => entry.place === place && (probe === undefined || entry.probe === null || entry.probe === probe))
    .map((blind) => ({ from: Math.max(from, blind.from), to: Math.min(to, blind.to) })).sort((a, b) => a.from - b.from);
  let [sum, covered] = [0, from];
  for (const span of spans) {
    sum += Math.max(0, span.to - Math.max(span.from, covered));
    covered = Math.max(covered, span.to);
  }
  return sum;
}

function sayWrong({ place, missedPct, blindPct: blind, harmMs, stallLimitMs }: Condition): string[] {
  const said: string[] = [];
  if (missedPct > missedLimitPct) said.push(`${missedPct.toFixed(1)} % of the looks due at ${place} were not made (at most ${missedLimitPct} % may be missed)`);
  if (blind > blindLimitPct) said.push(`${place} was blind for ${blind.toFixed(1)} % of the measured time (at most ${blindLimitPct} %)`);
  if (harmMs >= stallLimitMs) said.push(`the agent at ${place} stalled for ${seconds(harmMs)} s, as long as a look may take there (${seconds(stallLimitMs)} s): good looks may have been called bad`);
  return said;
}

/** What explains trouble, and is none by itself. */
function sayStolen(stolen: number | null): string[] {
  return stolen === null || stolen < tellingStolenPct ? [] : [`this machine's own host gave up to ${stolen.toFixed(0)} % of its processor time to others meanwhile: run it again when it does not`];
}

function mostStolen(gaps: readonly Gap[]): number | null {
  const told = gaps.flatMap(({ stolenPct }) => stolenPct ?? []);
  return told.length === 0 ? null : Math.max(...told);
}

function exactly(name: string, ms: number, n: number): Measure {
  const length: Length = { value: ms, low: ms, high: ms };
  return lasting(name, length, n);
}
