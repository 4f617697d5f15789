import { allowanceFor, type Allowance } from './compare/allow-list.ts';
import { changeOf, directionOf, leastRuns, type Change, type Outlook } from './compare/change.ts';
import { alpha, type Comparison, type Judged, type Side } from './compare/comparison.ts';
import { kindOf, levels, matchOf, type Match } from './compare/match.ts';
import { sayBecause, sayChange } from './compare/say.ts';
import type { Outcome } from './outcome.ts';
import { lossOf } from './series/summary.ts';
import { holm } from './statistics.ts';

export type { Comparison, Judged, Side } from './compare/comparison.ts';

/** The measures that a comparison is about; never more than three, so that their correction stays small. All others are exploratory. */
export const primary = ['failover.rto', 'loss.lost', 'dns.convergence.max'] as const;

/** What is compared, and by which margins. `today`: ISO 8601, for allowances that end. */
export interface Asked { readonly marginPct: number; readonly allow: readonly Allowance[]; readonly today: string }
interface Named { readonly name: string; readonly outcomes: readonly Outcome[] }

/** Sets two sets of runs side by side; pure. A is what was, B what is. Only runs of one kind are put together, and only those that count. */
export function compare(a: Named, b: Named, asked: Asked): Comparison {
  const now = chooseKind(b, null);
  const before = chooseKind(a, now.chosen[0] ?? null);
  const [first, last] = [before.chosen[0], now.chosen[0]];
  const match: Match = first && last ? matchOf(first, last) : { level: null, words: !last ? 'no run of B counts' : before.why ?? 'no run of A counts', differences: [] };
  const sides = { a: before.side, b: now.side, match, marginPct: asked.marginPct };
  if (!first || !last || match.level === null) {
    return { schema: 1, ruling: last ? 'no baseline' : 'inconclusive', because: last ? `There is no baseline: ${match.words}.` : `Nothing was compared: ${match.words}.`, ...sides, primary: [], exploratory: [], explained: null };
  }
  const names = [...new Set([...before.chosen, ...now.chosen].flatMap(({ measures }) => measures.map(({ name }) => name)))].filter((name) => !name.startsWith('instrument.'));
  const isPrimary = (name: string) => (primary as readonly string[]).includes(name);
  const changes = [...primary.filter((name) => names.includes(name)), ...names.filter((name) => !isPrimary(name))].map((name) => changeOf(name, before.chosen, now.chosen, asked.marginPct));
  const same = (change: Change) => (first.fingerprint.redefined?.[change.measure] ?? 1) === (last.fingerprint.redefined?.[change.measure] ?? 1);
  const tested = changes.filter((change) => isPrimary(change.measure) && change.p !== null && same(change));
  const corrected = holm(tested.map(({ p }) => p ?? 1));
  const judged = changes.map((change) => judge(change, same(change), corrected[tested.indexOf(change)] ?? null, last.scenario, asked));
  const mine = judged.filter(({ measure }) => isPrimary(measure));
  const exploratory = judged.filter(({ measure }) => !isPrimary(measure));
  const result = { ...sides, primary: mine, exploratory, explained: explain(mine, exploratory) };
  const ruling = ruleOf(mine);
  return { schema: 1, ruling, because: sayBecause(ruling, result), ...result };
}

/** The runs of one kind: of several kinds the one most like `like` where one is given, then the one with most runs that count, then the latest. */
function chooseKind({ name, outcomes }: Named, like: Outcome | null) {
  const kinds = [...Map.groupBy(outcomes.filter(({ invalid }) => invalid === null), kindOf).values()].map((runs) => runs.toSorted((one, other) => one.startedAt.localeCompare(other.startedAt)));
  const rank = (runs: readonly Outcome[]) => { const level = like && matchOf(runs[0] as Outcome, like).level; return level === null ? levels.length : levels.indexOf(level); };
  const latest = (runs: readonly Outcome[]) => runs.at(-1)?.startedAt ?? '';
  const fit = like ? kinds.filter((runs) => rank(runs) < levels.length) : kinds;
  const chosen = fit.toSorted((one, other) => (like ? rank(one) - rank(other) : 0) || other.length - one.length || latest(other).localeCompare(latest(one)))[0] ?? [];
  const why = like && kinds[0]?.[0] && chosen.length === 0 ? matchOf(kinds[0][0], like).words : null;
  const leftOut = outcomes.filter((one) => !chosen.includes(one)).map(({ id, invalid }) => ({ id, reason: invalid ?? (chosen.length === 0 ? why ?? 'not comparable' : 'of another kind than the runs compared') }));
  const [head] = chosen;
  const side: Side = { name, runs: chosen.map(({ id }) => id), leftOut, about: head ? pick(chosen.at(-1) ?? head) : null, loss: lossOf(chosen) };
  return { chosen, side, why };
}

function pick({ scenario, title, world, fingerprint, label, revision, startedAt }: Outcome): NonNullable<Side['about']> {
  return { scenario, title, world, fingerprint, startedAt, ...(label === undefined ? {} : { label }), ...(revision === undefined ? {} : { revision }) };
}

function judge(change: Change, same: boolean, adjusted: number | null, scenario: string, { allow, today }: Asked): Judged {
  const outlook = outlookOf(change, same, adjusted ?? change.p);
  const said = outlook === 'worse' ? allowanceFor(allow, change.measure, scenario, today) : null;
  return { ...change, outlook, adjusted, because: sayChange(change, outlook, adjusted), allowed: said?.inForce ? said.allowance : null, expired: said && !said.inForce ? said.allowance : null };
}

function outlookOf(change: Change, same: boolean, p: number | null): Outlook {
  if (!same) return 'redefined';
  if (change.a.n === 0 && change.b.n === 0) return 'not measured';
  if (Math.min(change.a.n, change.b.n) < leastRuns || p === null) return 'not enough runs';
  return change.large && p < alpha ? directionOf(change) : 'no change shown';
}

function ruleOf(judged: readonly Judged[]): 'pass' | 'fail' | 'inconclusive' {
  if (judged.some(({ outlook, allowed }) => outlook === 'worse' && allowed === null)) return 'fail';
  const open = judged.filter(({ outlook }) => outlook === 'not enough runs');
  const told = judged.some(({ outlook }) => outlook === 'worse' || outlook === 'better' || outlook === 'changed' || outlook === 'no change shown');
  return open.length > 0 || !told ? 'inconclusive' : 'pass';
}

function explain(mine: readonly Judged[], exploratory: readonly Judged[]): Comparison['explained'] {
  const rto = mine.find(({ measure }) => measure === 'failover.rto');
  if (!rto || (rto.outlook !== 'worse' && rto.outlook !== 'better')) return null;
  const sign = Math.sign(rto.leaning);
  const stages = exploratory.filter(({ measure, delta }) => measure.startsWith('stage.') && delta !== null && Math.sign(delta) === sign).toSorted((a, b) => Math.abs(b.delta ?? 0) - Math.abs(a.delta ?? 0));
  const [most] = stages;
  return most ? { stage: most.measure, delta: most.delta as number } : null;
}
