import { describe, expect, test } from '@jest/globals';
import { dataLoss } from '../../checks/data-loss.ts';
import { lostUpdates } from '../../checks/lost-updates.ts';
import { loadMutated, type Mutation } from '../mutate.ts';
import { plantLosses } from './losses.ts';
import { plantUpdates } from './updates.ts';

/** What is planted for a check, a few histories a round, and what it misses of them. */
const missesOfLosses = (check: typeof dataLoss, round: number): string[] => sayAll(plantLosses(check, 4, `lies ${round}`));
const missesOfUpdates = (check: typeof lostUpdates, round: number): string[] => sayAll(plantUpdates(check, 15, `lies ${round}`));
const sayAll = (found: readonly { readonly mode: string; readonly misses: readonly string[] }[]): string[] => found.flatMap(({ mode, misses }) => misses.map((miss) => `${mode}: ${miss}`));
const rounds = 20;

/** The first misses that say so, of as many rounds as it takes. */
function foundBy(missesIn: (round: number) => string[], found: RegExp): string[] {
  for (let round = 0; round < rounds; round += 1) {
    const misses = missesIn(round).filter((miss) => found.test(miss));
    if (misses.length > 0) return misses;
  }
  return [];
}

test('the checks as shipped miss nothing in all of these rounds', () => {
  const all = Array.from({ length: rounds }, (_, round) => [...missesOfLosses(dataLoss, round), ...missesOfUpdates(lostUpdates, round)]);
  expect(all.flat()).toEqual([]);
}, 60_000);

const [loss, ruling] = ['checks/data-loss.ts', /^ruled: .*ruled/];
const rpo = '{ value: Math.max(0, cut.low - oldest.ackedAt), low: Math.max(0, cut.low - oldest.ackedAt), high: Math.max(0, cut.high - oldest.startedAt) }';
const span = "{ value: newest.side === 'after' ? newest.ackedAt - cut.low : 0, low: Math.max(0, newest.startedAt - cut.high), high: newest.ackedAt - cut.low }";

const losses: readonly (readonly [says: string, Mutation, RegExp])[] = [
  ['however much is lost, it passes', { file: loss, find: "rulings.push(lost.length > asked.maxLost ? 'fail' : 'pass')", put: "rulings.push('pass')" }, ruling],
  ['as much as is allowed is too much', { file: loss, find: 'lost.length > asked.maxLost', put: 'lost.length >= asked.maxLost' }, ruling],
  ['rows that nobody wrote are forgiven', { file: loss, find: "if (details.phantoms.length > 0 || (measureOf('loss.duplicated').value ?? 0) > 0) rulings.push('fail');", put: '' }, ruling],
  ['rows that are there twice are forgiven', { file: loss, find: "|| (measureOf('loss.duplicated').value ?? 0) > 0)", put: ')' }, ruling],
  ['too little is known, and it is ruled on all the same', { file: loss, find: "if (details.neverRead > 0 || acked === 0 || details.atCut?.lastSecond === 0) rulings.push('inconclusive');", put: '' }, ruling],
  ['what was acked after the last census does not matter', { file: loss, find: 'if (details.neverRead > 0 || ', put: 'if (' }, ruling],
  ['nothing was acked before the cut, and nothing was lost', { file: loss, find: ' || details.atCut?.lastSecond === 0)', put: ')' }, ruling],
  ['the RPO passes', { file: loss, find: 'ruleBy(measureOf(name), seconds(asked.maxRpo ?? 0))', put: "(measureOf(name) ? 'pass' as const : 'fail' as const)" }, ruling],
  ['the RPO alone is ruled on', { file: loss, find: "['loss.rpo', 'loss.afterCut.span'].map", put: "['loss.rpo'].map" }, ruling],
  ['a point is ruled on, not its bounds', { file: 'judge/bounds.ts', find: 'if (measure.low > max)', put: 'if (measure.value > max)' }, ruling],
  ['nothing is ever unsure', { file: 'judge/bounds.ts', find: "measure.high <= max ? 'pass' : 'inconclusive'", put: "measure.high <= max ? 'pass' : 'fail'" }, ruling],
  ['the RPO is said to be 0', { file: loss, find: '{ value: Math.max(0, cut.low - oldest.ackedAt), low:', put: '{ value: 0, low:' }, /^lost: .*is said to be within/],
  ['the RPO may be anything', { file: loss, find: rpo, put: '{ value: 0, low: 0, high: 1e9 }' }, /^lost: .*is wider than/],
  ['the span after the cut is said to be 0', { file: loss, find: span, put: '{ value: 0, low: 0, high: 0 }' }, /^after the cut: .*is not within/],
  ['the span after the cut may be anything', { file: loss, find: span, put: '{ value: 0, low: 0, high: 1e9 }' }, /^after the cut: .*is wider than/],
  ['what was acked before the fault was seen to bite was acked before it', { file: loss, find: 'latest(lost.filter(({ ackedAt }) => ackedAt > cut.low))', put: 'latest(after)' }, /^after the cut: .*is not within/],
  ['any number may have been lost after the cut', { file: loss, find: 'acked, surely, perhaps)', put: 'acked, 0, 1e9)' }, /^after the cut: .*is wider than/],
  ['two servers may have acked at once for ever', { file: 'checks/loss/servers.ts', find: 'low: Math.max(0, last.started - first.ended), high: last.ended - first.started }', put: 'low: 0, high: 1e9 }' }, /^acked by both: .*is wider than/],
  ['two servers acked at once for no time', { file: 'checks/loss/servers.ts', find: '{ value: last.ended - first.ended, low:', put: '{ value: -1, low:' }, /^acked by both: .*is said to be within/],
  ['a look that came back with nothing was refused', { file: 'checks/loss/ledger.ts', find: "'indeterminate' as const", put: "'refused' as const" }, /^(phantom|recovered|unresolved): /],
  ['what nobody knows the end of explains no errant transaction', { file: 'checks/loss/gtids.ts', find: '- indeterminateOnOld - updates', put: '- updates' }, /^errant: /],
  ['updates explain no errant transaction', { file: 'checks/loss/gtids.ts', find: '- indeterminateOnOld - updates', put: '- indeterminateOnOld' }, /^errant: /],
  ['every update explains an errant transaction', { file: 'checks/loss/gtids.ts', find: '&& data.gtid !== null && includesGtid(beyond, data.gtid)).length', put: '&& data.gtid !== null).length' }, /^errant: /],
  ['no stranded write is among the errant ones', { file: 'checks/loss/gtids.ts', find: 'strandedInErrant: stranded.filter(({ gtid }) => gtid !== null && includesGtid(beyond, gtid)).length', put: 'strandedInErrant: 0' }, /^errant: .*explained by/],
  ['who was promoted first serves in the end', { file: 'checks/loss/censuses.ts', find: '.at(-1);\n  return regions', put: '[0];\n  return regions' }, /^kept: .*serving in the end/],
  ['counters that have gone back are of the same life', { file: 'checks/loss/spells.ts', find: 'look.data.upS >= last.data.upS && look.data.connections >= last.data.connections', put: 'true' }, /^acked alone: /],
  ['a life shows in connections alone', { file: 'checks/loss/spells.ts', find: 'look.data.upS >= last.data.upS && ', put: '' }, /^acked alone: /],
  ['what a server did before it died it had counted', { file: 'checks/loss/degraded.ts', find: 'const uncounted = open ? mine.filter(({ ackedAt }) => ackedAt > inner.to).length : 0;', put: 'const uncounted = 0;' }, /^acked alone(, lost)?: .*is not within/],
  ['semi-sync never gave up for any time', { file: 'checks/loss/degraded.ts', find: "{ value: total('value'), low: total('low'), high }", put: '{ value: 0, low: 0, high: 0 }' }, /^acked alone: .* s alone is not within/],
  ['a server lives from the last look at the one before it', { file: 'checks/loss/spells.ts', find: 'ended: by, data', put: 'ended: at, data' }, /^acked alone: .*is not within/],
  ['nobody was late', { file: 'checks/loss/stale.ts', find: 'read.started - decidedBy(history, writer, number).ended);', put: '0);' }, /^stale: .*late/],
  ['the server counted any number alone', { file: 'checks/loss/spells.ts', find: 'commits: b.data.alone - a.data.alone, waited: b', put: 'commits: 1e9, waited: b' }, /^acked alone: .*commits listed alone/],
  ['all that were under way may have been alone', { file: 'checks/loss/degraded.ts', find: 'Math.min(mine.length, commits + uncounted)', put: 'mine.length' }, /^acked alone: .*where it counted/],
  ['perhaps none was alone', { file: 'checks/loss/degraded.ts', find: 'return { value: Math.min(high, Math.max(low, likely)), low, high };', put: 'return { value: Math.min(high, Math.max(low, likely)), low: 0, high };' }, /^acked alone: .*where \d+ surely were/],
  ['groups are counted as commits', { file: 'checks/loss/spells.ts', find: 'commits: null, waited: null }', put: 'commits: b.data.alone - a.data.alone, waited: b.data.waited - a.data.waited }' }, /^acked alone: .*instead of null/],
  ['it was alone from the beginning', { file: 'checks/loss/degraded.ts', find: 'from: seen.from, to: seen.to', put: 'from: 0, to: seen.to' }, /^acked alone: .*alone from 0/],
  ['nothing is lost, by the measure', { file: loss, find: "of('loss.lost', lost.length)", put: "of('loss.lost', 0)" }, /^lost: .*lost, counted/],
  ['nothing is stranded, by the measure', { file: loss, find: "fate('loss.stranded', counts.stranded)", put: "fate('loss.stranded', 0)" }, /^stranded: .*counted/],
  ['nothing is destroyed, by the measure', { file: loss, find: "fate('loss.destroyed', counts.destroyed)", put: "fate('loss.destroyed', 0)" }, /^destroyed: .*counted/],
  ['nobody`s rows are none, by the measure', { file: loss, find: "of('loss.phantom', phantoms.length, all)", put: "of('loss.phantom', 0, all)" }, /^phantom: .*counted/],
  ['everybody heard the end of everything', { file: loss, find: "of('loss.indeterminate', indeterminate, all)", put: "of('loss.indeterminate', 0, all)" }, /^kept: .*indeterminate/],
  ['lost writes are told of without their transactions', { file: loss, find: 'gtid, class: fate', put: 'gtid: null, class: fate' }, /^lost: .*one by one/],
  ['the last ack came just before the cut', { file: loss, find: 'last: atCut.lastAckMs === null ? null : seconds(atCut.lastAckMs)', put: 'last: 0' }, /^lost: .*at the cut/],
  ['the last second before the cut is half of one', { file: 'checks/loss/servers.ts', find: 'ended >= zero.low - 1_000', put: 'ended >= zero.low - 500' }, /^lost: .*at the cut/],
  ['what no server was asked for is nowhere', { file: 'checks/loss/reconcile.ts', find: "return readAll ? 'destroyed' : 'lost'", put: "return 'destroyed'" }, /^ruled: .*only what serves was read/],
  ['one server that was read speaks for all', { file: 'checks/loss/reconcile.ts', find: 'every(({ name })', put: 'some(({ name })' }, /^ruled: .*only what serves was read/],
  ['who rejoined still has what it had', { file: 'checks/loss/reconcile.ts', find: 'markOf(history, marks.rejoined) ? [] : ', put: '' }, /^ruled: .*read only when it had rejoined/],
  ['where nobody read what serves, it passes', { file: loss, find: 'if (!reckoning) return unread(history);', put: "if (!reckoning) return { ...unread(history), ruling: 'pass' as const };" }, /^ruled: .*nobody read what serves/],
  ['without a fault the cut is at the beginning', { file: loss, find: 'if (!zero && lost.length > 0) {', put: 'if (!zero && lost.length < 0) {' }, /^ruled: .*no fault was seen/],
  ['copies are always the same', { file: loss, find: 'same: census.checksum === final.census.checksum', put: 'same: true' }, /^kept: .*copies/],
];

const [check, slots] = ['checks/lost-updates.ts', 'checks/updates/slots.ts'];
const updates: readonly (readonly [says: string, Mutation, RegExp])[] = [
  ['however much is taken away, it passes', { file: check, find: "rulings.push(ruleBy(measureOf('updates.reverted'), maxReverted))", put: "rulings.push('pass')" }, ruling],
  ['however much conflicts, it passes', { file: check, find: "rulings.push(ruleBy(measureOf('updates.conflicting'), maxConflicting))", put: "rulings.push('pass')" }, ruling],
  ['what is not known was not taken away', { file: check, find: 'acked, reverted.length + counts.undecided)', put: 'acked, reverted.length)' }, /^ruled: .*ruled pass instead of inconclusive/],
  ['no slot lost anything', { file: check, find: 'slots((one) => one.reverted > 0), endings', put: '0, endings' }, /^reverted: .*in 0 slots/],
  ['everybody heard the end of everything', { file: check, find: "of('updates.indeterminate', indeterminate, all)", put: "of('updates.indeterminate', 0, all)" }, /^reverted: .*0 indeterminate/],
  ['values that nobody wrote are forgiven', { file: check, find: "if (phantoms.length > 0) rulings.push('fail');", put: '' }, ruling],
  ['nothing was acknowledged, and nothing was taken away', { file: check, find: 'if (acked === 0 || ', put: 'if (' }, ruling],
  ['what was acknowledged after the last census does not matter', { file: check, find: " || counts['never read'] > 0)", put: ')' }, ruling],
  ['a look that came back with nothing was refused', { file: slots, find: "outcome: 'indeterminate'", put: "outcome: 'refused'" }, /^phantom: .*invented/],
  ['whatever may lie anywhere may lie below', { file: 'checks/updates/lines.ts', find: 'line.broken !== null && started < line.broken ?', put: 'line.broken !== null ?' }, /^reverted: .*left undecided instead of/],
];

describe('a check that lies is found out', () => {
  test.each(losses)('writes: %s', async (_says, mutation, found) => {
    const { dataLoss: lying } = await loadMutated<{ dataLoss: typeof dataLoss }>(loss, mutation);
    expect(foundBy((round) => missesOfLosses(lying, round), found).length).toBeGreaterThan(0);
  }, 60_000);

  test.each(updates)('updates: %s', async (_says, mutation, found) => {
    const { lostUpdates: lying } = await loadMutated<{ lostUpdates: typeof lostUpdates }>(check, mutation);
    expect(foundBy((round) => missesOfUpdates(lying, round), found).length).toBeGreaterThan(0);
  }, 60_000);
});
