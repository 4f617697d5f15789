import { z } from 'zod';
import type { Check, Measure, Ruling } from '../check.ts';
import { ms } from '../duration.ts';
import { samplesOf, timeZero, type History, type Sample } from '../history.ts';
import { counted, lasting, missing, quantile, ruleBy, sayMeasure, saySeconds, worstOf } from '../judge/bounds.ts';
import { leadingFault, measuredSpan } from '../judge/looks.ts';
import type { ReadSeen } from '../seen.ts';
import { holds } from './loss/censuses.ts';
import { attemptOf } from './loss/ledger.ts';

const objective = z.strictObject({ maxP99: ms().optional(), maxLag: ms().optional() });
type Objective = z.output<typeof objective>;

/** Fewer commits than this give no p99 (semantics of small numbers: 100). */
const tellingP99 = 100;

/** How far a copy was seen to be behind: at each look, how long ago the oldest acknowledged write that it did not show had been acknowledged; 0 where it showed them all. */
interface Lag { readonly at: number; readonly behindMs: number }

/** What a commit costs while nothing is broken, how many were under way when it broke, and how far the copy was behind. */
export const commits: Check<Objective> = {
  kind: 'commits',
  about: 'tells what a commit costs before anything is broken, how many were under way at that moment, and how far a copy was behind (it takes a probe of kind copy)',
  measures: ['commits.p50', 'commits.p99', 'commits.underway', 'commits.lag', 'commits.lagMax', 'commits.lagAtCut'],
  objective,
  judge(history, { maxP99, maxLag }) {
    const cut = cutOf(history);
    const measures = [...costs(history, cut), underway(history, cut), ...lags(history, cut)];
    const named = (name: string) => measures.find((measure) => measure.name === name) as Measure;
    const rulings: Ruling[] = [
      ...(maxP99 === undefined ? [] : [ruleBy(named('commits.p99'), maxP99 / 1_000)]),
      ...(maxLag === undefined ? [] : [ruleBy(named('commits.lagMax'), maxLag / 1_000)]),
    ];
    return { ruling: rulings.length === 0 ? 'measured' : worstOf(rulings), because: say(named, maxP99, maxLag), measures };
  },
};

/** Up to when nothing was broken: time zero with its doubt; the end of what was watched where nothing was ever broken. */
function cutOf(history: History): { readonly low: number; readonly high: number } {
  const fault = leadingFault(history);
  const { to } = measuredSpan(history);
  return (fault && timeZero(history, fault.name)) ?? { low: to, high: to };
}

const ledgersOf = (history: History): readonly Sample<'write'>[] => {
  const names = new Set(history.run.probes.filter(({ kind }) => kind === 'ledger').map(({ name }) => name));
  return samplesOf(history, 'write').filter(({ probe }) => names.has(probe));
};

function costs(history: History, cut: { readonly low: number }): Measure[] {
  const { from } = measuredSpan(history);
  const took = ledgersOf(history).filter(({ ok, started, ended }) => ok && started >= from && ended <= cut.low).map(({ started, ended }) => ended - started).sort((a, b) => a - b);
  const reason = 'no write was acknowledged before anything was broken';
  const of = (name: string, share: number, least: number) => {
    const value = quantile(took, share);
    if (value === undefined) return missing(name, 's', reason);
    return took.length < least ? missing(name, 's', `${took.length} commits are too few for it: ${least} are asked`, took.length) : lasting(name, { value, low: value, high: value }, took.length);
  };
  return [of('commits.p50', 0.5, 1), of('commits.p99', 0.99, tellingP99)];
}

/** Writes that had been sent and not been answered when it broke: whether they are there afterwards, nobody was told. */
function underway(history: History, { low, high }: { readonly low: number; readonly high: number }): Measure {
  const writes = ledgersOf(history);
  if (leadingFault(history) === undefined) return missing('commits.underway', 'writes', 'nothing was broken');
  if (writes.length === 0) return missing('commits.underway', 'writes', 'nobody wrote');
  const between = (before: number, after: number) => writes.filter(({ started, ended }) => started < before && ended > after).length;
  return counted('commits.underway', 'writes', between((low + high) / 2, (low + high) / 2), writes.length, between(low, high), between(high, low));
}

function lags(history: History, { low }: { readonly low: number }): Measure[] {
  const names = ['commits.lag', 'commits.lagMax', 'commits.lagAtCut'] as const;
  const copies = history.run.probes.filter(({ kind }) => kind === 'copy').map(({ name }) => name);
  if (copies.length === 0) return names.map((name) => missing(name, 's', 'no copy was read: watch one with a probe of kind copy'));
  const { from } = measuredSpan(history);
  const acks = acksIn(history);
  const seen = copies.flatMap((name) => lagsOf(history, name, acks)).filter(({ at }) => at >= from && at <= low).sort((a, b) => a.at - b.at);
  const last = seen.at(-1);
  if (!last) return names.map((name) => missing(name, 's', 'no copy could be read before anything was broken'));
  const sorted = seen.map(({ behindMs }) => behindMs).sort((a, b) => a - b);
  const exactly = (value: number) => ({ value, low: value, high: value });
  const sinceMs = Math.max(0, low - last.at);
  return [
    lasting(names[0], exactly(quantile(sorted, 0.5) as number), seen.length),
    lasting(names[1], exactly(sorted.at(-1) as number), seen.length),
    lasting(names[2], { value: last.behindMs, low: 0, high: last.behindMs + sinceMs }, 1), // after the last look it may have caught up, or fallen further behind
  ];
}

/** When each number of a writer was sent and acknowledged, by its number. */
type Acks = readonly ({ readonly sentAt: number; readonly ackedAt: number } | undefined)[];

function acksIn(history: History): ReadonlyMap<string, Acks> {
  const found = new Map<string, { sentAt: number; ackedAt: number }[]>();
  for (const sample of ledgersOf(history)) {
    if (!sample.ok) continue;
    const { writer, number } = attemptOf(sample);
    const acks = found.get(writer) ?? [];
    if (acks.length === 0) found.set(writer, acks);
    acks[number] = { sentAt: sample.started, ackedAt: sample.ended };
  }
  return found;
}

function lagsOf(history: History, probe: string, acks: ReadonlyMap<string, Acks>): Lag[] {
  return (samplesOf(history, 'read', probe) as readonly Sample<'read'>[]).flatMap(({ ok, data, started }) => (
    ok && data ? [{ at: started, behindMs: started - oldestMissed(acks.get(data.writer) ?? [], data, started) }] : []));
}

/** When the oldest write was acknowledged that should have been seen at `moment` and was not; `moment` itself where none is missing. */
function oldestMissed(acks: Acks, { from, numbers }: ReadSeen, moment: number): number {
  let oldest = moment;
  for (let number = from; number < acks.length; number += 1) {
    const ack = acks[number];
    if (!ack) continue;
    if (ack.sentAt >= moment) break; // a writer goes through its numbers in order: the rest began later still
    if (ack.ackedAt <= moment && !holds(numbers, number)) oldest = Math.min(oldest, ack.ackedAt);
  }
  return oldest;
}

function say(named: (name: string) => Measure, maxP99: number | undefined, maxLag: number | undefined): string {
  const told = (name: string) => sayMeasure(named(name));
  const said = [`A commit took ${told('commits.p50')} in the middle and ${told('commits.p99')} at the 99th percentile while nothing was broken.`];
  if (named('commits.underway').value !== null) said.push(`When it broke, ${told('commits.underway')} had been sent and not answered.`);
  if (named('commits.lag').value !== null) said.push(`The copy was ${told('commits.lag')} behind in the middle, ${told('commits.lagMax')} at most, and ${told('commits.lagAtCut')} when last seen before the break.`);
  const limits = [maxP99 === undefined ? [] : [`${saySeconds(maxP99)} for a commit`], maxLag === undefined ? [] : [`${saySeconds(maxLag)} for the copy`]].flat();
  return limits.length === 0 ? said.join(' ') : `${said.join(' ')} Allowed were ${limits.join(' and ')}.`;
}
