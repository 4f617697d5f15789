import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dataLoss } from '../../checks/data-loss.ts';
import type { Details } from '../../checks/loss/details.ts';
import type { Entry } from '../../history.ts';
import type { Outcome } from '../../seen.ts';
import { loadMutated, type Mutation } from '../mutate.ts';
import { historyOf, lookAs, regions, watchedAs } from '../histories.ts';

/** One attempt of one write (ms), as a client saw it. */
interface Attempt { readonly writer: 'a' | 'b'; readonly number: number; readonly outcome: Outcome; readonly server: '1' | '2'; readonly started: number; readonly takes: number }
/** Rows of a server: how many of each write. */
type Rows = readonly { readonly writer: 'a' | 'b' | 'nobody'; readonly number: number; readonly rows: number }[];
interface Told { readonly attempts: readonly Attempt[]; readonly before: Rows | null; readonly final: Rows; readonly other: Rows | null; readonly gtids: { readonly old: number; readonly current: number } }

const [cut, healMs, rejoinMs, reconcileMs] = [{ low: 1_000, high: 1_060 }, 3_000, 4_000, 5_000];
const most = 24;

const attempt: fc.Arbitrary<Attempt> = fc.record({
  writer: fc.constantFrom('a' as const, 'b' as const), number: fc.integer({ min: 1, max: most }), outcome: fc.constantFrom<Outcome>('acked', 'acked', 'acked', 'refused', 'indeterminate'),
  server: fc.constantFrom('1' as const, '1' as const, '2' as const), started: fc.integer({ min: 0, max: 5_400 }), takes: fc.integer({ min: 1, max: 400 }),
});
const rows: fc.Arbitrary<Rows> = fc.uniqueArray(fc.record({ writer: fc.constantFrom('a' as const, 'a' as const, 'b' as const, 'nobody' as const), number: fc.integer({ min: 1, max: most + 3 }), rows: fc.constantFrom(1, 1, 1, 2, 3) }), { maxLength: 40, selector: ({ writer, number }) => `${writer}:${number}` });
const story: fc.Arbitrary<Told> = fc.record({
  attempts: fc.array(attempt, { maxLength: 60 }).map((all) => all.toSorted((x, y) => x.started - y.started)), before: fc.option(rows), final: rows, other: fc.option(rows),
  gtids: fc.record({ old: fc.integer({ min: 1, max: 99 }), current: fc.integer({ min: 1, max: 99 }) }),
});

function historyFrom({ attempts, before, final, other, gtids }: Told) {
  const census = (at: number, region: string, held: Rows, state: string): Entry => {
    const of = Object.fromEntries(['a', 'b', 'nobody'].map((writer) => {
      const mine = held.filter((row) => row.writer === writer).toSorted((x, y) => x.number - y.number);
      return [writer, { numbers: mine.map(({ number }) => [number, number] as const), counts: Object.fromEntries(mine.filter((row) => row.rows > 1).map((row) => [row.number, row.rows])) }];
    }));
    return lookAs('census', 'census', 0, at, at + 10, { region, server: region, rows: of, position: state, state, checksum: '' });
  };
  const writes = attempts.map(({ writer, number, outcome, server, started, takes }, seq) => lookAs('write', writer, seq, started, started + takes, { op: `${writer}:${number}`, attempt: seq + 1, outcome, server: outcome === 'acked' ? server : null, gtid: null, servedBy: null }, outcome === 'acked'));
  return historyOf({
    cut, probes: [watchedAs('a', 'ledger', 'write', 20), watchedAs('b', 'ledger', 'write', 20)],
    entries: [
      { kind: 'phase', at: 0, phase: 'baseline' }, { kind: 'phase', at: healMs, phase: 'heal' }, { kind: 'phase', at: rejoinMs, phase: 'rejoin' }, { kind: 'phase', at: reconcileMs, phase: 'reconcile' }, ...writes,
      ...(before ? [census(healMs + 100, regions.old, before, `0-1-${gtids.old}`), census(healMs + 200, regions.taking, final, `0-1-${gtids.current}`)] : []),
      census(reconcileMs + 200, regions.taking, final, ''), ...(other ? [census(reconcileMs + 300, regions.old, other, '')] : []),
    ],
  });
}

/** The same question answered slowly: every write by itself, every list walked from its beginning. */
function model({ attempts, before, final, other, gtids }: Told) {
  const keys = [...new Set(attempts.map(({ writer, number }) => `${writer}:${number}`))];
  const of = (key: string) => attempts.filter(({ writer, number }) => `${writer}:${number}` === key);
  const rowsIn = (held: Rows | null, key: string): number => held?.find(({ writer, number }) => `${writer}:${number}` === key)?.rows ?? 0;
  const rank = { refused: 1, indeterminate: 2, acked: 3 };
  // What is known is the best that any attempt was told, by the first attempt that was told it.
  const decider = (key: string) => of(key).reduce((best, one) => (rank[one.outcome] > rank[best.outcome] ? one : best));
  // The new primary was read before the rejoin, too, where anybody was.
  const elsewhere = (key: string) => rowsIn(before, key) > 0 || rowsIn(other, key) > 0;
  const others = before !== null || other !== null;
  const classOf = (key: string): string => {
    const one = decider(key);
    const there = rowsIn(final, key) > 0;
    if (one.outcome === 'indeterminate') return there ? 'recovered' : 'unresolved';
    if (one.outcome === 'refused') return there || elsewhere(key) ? 'phantom' : 'refused';
    if (there) return 'kept';
    if (one.started + one.takes > reconcileMs + 200) return 'never read';
    return elsewhere(key) ? 'stranded' : others ? 'destroyed' : 'lost';
  };
  const count = (...classes: string[]) => keys.filter((key) => classes.includes(classOf(key))).length;
  const lost = keys.filter((key) => ['stranded', 'destroyed', 'lost'].includes(classOf(key)));
  const present = [...new Set([...final, ...(before ?? []), ...(other ?? [])].map(({ writer, number }) => `${writer}:${number}`))];
  const explained = (key: string) => of(key).filter(({ outcome }) => outcome !== 'refused').length;
  const ended = (key: string) => decider(key).started + decider(key).takes;
  const unresolvedOnOld = keys.filter((key) => decider(key).outcome === 'indeterminate' && rowsIn(before, key) > 0 && rowsIn(final, key) === 0).length;
  const errant = Math.max(0, gtids.old - gtids.current);
  return {
    lost: lost.toSorted(), sides: Object.fromEntries(lost.map((key) => [key, ended(key) <= cut.high ? 'before' : 'after'])),
    acked: keys.filter((key) => decider(key).outcome === 'acked').length, indeterminate: keys.filter((key) => decider(key).outcome === 'indeterminate').length,
    stranded: lost.length > 0 && !others ? null : count('stranded'), destroyed: lost.length > 0 && !others ? null : count('destroyed'), recovered: count('recovered'), unresolved: count('unresolved'), neverRead: count('never read'), refused: count('refused', 'phantom') - count('phantom'),
    phantoms: present.filter((key) => explained(key) === 0).toSorted(),
    duplicated: final.filter(({ writer, number, rows: held }) => held > Math.max(1, explained(`${writer}:${number}`)) ).length,
    retried: final.filter(({ writer, number, rows: held }) => held > 1 && held <= explained(`${writer}:${number}`)).length,
    beyondLoss: keys.filter((key) => classOf(key) === 'kept' && decider(key).started < cut.high + 1 && lost.some((gone) => decider(gone).server === decider(key).server && ended(gone) < decider(key).started)).length,
    errant: before === null ? null : { errant, differs: errant - count('stranded') - unresolvedOnOld },
  };
}

/** What the check says, in the words of the model. */
function said(check: typeof dataLoss, told: Told) {
  const found = check.judge(historyFrom(told), {});
  const details = found.details as Details;
  const value = (name: string) => found.measures.find((measure) => measure.name === `loss.${name}`)?.value;
  return {
    lost: details.writes.map(({ op }) => op).toSorted(), sides: Object.fromEntries(details.writes.map(({ op, cut: side }) => [op, side])), acked: value('acked'), indeterminate: value('indeterminate'),
    stranded: value('stranded'), destroyed: value('destroyed'), recovered: value('recovered'), unresolved: value('unresolved'), neverRead: details.neverRead, refused: details.refused,
    phantoms: details.phantoms.toSorted(), duplicated: value('duplicated'), retried: details.retried, beyondLoss: details.beyondLoss,
    errant: typeof details.errant === 'string' ? null : { errant: details.errant.errant, differs: details.errant.differs },
  };
}

test('what the check says of any ledger and any databases is what a slow and obvious count says', () => {
  fc.assert(fc.property(story, (told) => { expect(said(dataLoss, told)).toEqual(model(told)); }), { numRuns: 2_000, seed: 5 });
}, 60_000);

test.each([
  ['the last word on a write is believed, and not the best', { file: 'checks/loss/ledger.ts', find: 'if (outcome > (this.known[number] ?? 0))', put: 'if (outcome > 0)' }],
  ['what was acked after the last census is lost', { file: 'checks/loss/reconcile.ts', find: '.ended > final.started) return', put: '.ended > 1e9) return' }],
  ['rows on other servers are not looked for', { file: 'checks/loss/reconcile.ts', find: 'phantomsOf(ledger, [final, ...others])', put: 'phantomsOf(ledger, [final])' }],
  ['what nobody knows the end of explains no errant transaction', { file: 'checks/loss/gtids.ts', find: 'known.indeterminate && !has(', put: 'known.nothing && !has(' }],
] satisfies [string, Mutation][])('a check by which %s is found out', async (_says, mutation) => {
  const { dataLoss: lying } = await loadMutated<{ dataLoss: typeof dataLoss }>('checks/data-loss.ts', mutation);
  expect(fc.check(fc.property(story, (told) => { expect(said(lying, told)).toEqual(model(told)); }), { numRuns: 2_000, seed: 5, endOnFailure: true }).failed).toBe(true);
}, 60_000);

/** A write that was acked, read back by others, and taken away again: an update that was reverted. */
test('a write that everybody had seen and that is gone in the end is lost, though reads before found it', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), fc.boolean(), (gone, onOld) => {
    const all = Array.from({ length: 20 }, (_, index) => ({ writer: 'a' as const, number: index + 1, rows: 1 }));
    const final = all.filter(({ number }) => number !== gone);
    const attempts = all.map(({ number }): Attempt => ({ writer: 'a', number, outcome: 'acked', server: '1', started: 45 * number, takes: 10 }));
    const history = historyFrom({ attempts, before: onOld ? all : final, final, other: null, gtids: { old: 20, current: 20 } });
    const read = lookAs('read', 'reads', 0, 960, 965, { writer: 'a', from: 1, numbers: [[1, 20]], server: '1' });
    const { details } = dataLoss.judge({ ...history, entries: [...history.entries, read] }, {});
    expect((details as Details).writes.map(({ op, class: fate }) => [op, fate])).toEqual([[`a:${gone}`, onOld ? 'stranded' : 'destroyed']]);
    expect((details as Details).beyondLoss).toBe(20 - gone);
  }), { numRuns: 40, seed: 5 });
});
