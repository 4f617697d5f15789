import { describe, expect, test } from '@jest/globals';
import { makeHearing } from '../agent/hearing.ts';
import { openSenses } from '../agent/senses.ts';
import { connections } from '../checks/connections.ts';
import { dataLoss } from '../checks/data-loss.ts';
import { dnsConvergence } from '../checks/dns-convergence.ts';
import { lostUpdates } from '../checks/lost-updates.ts';
import { failoverTime } from '../checks/failover-time.ts';
import { drill } from '../drill.ts';
import { judge } from '../judge.ts';
import { tick } from '../ticker.ts';
import { plantAnswers } from './losses/answers.ts';
import { plantBlindness } from './harness/blind.ts';
import { plantDuds } from './harness/duds.ts';
import { plantLosses } from './losses/losses.ts';
import { loadMutated, type Mutation } from './mutate.ts';
import { plantResolvers } from './names/resolvers.ts';
import { plantStages } from './stages.ts';
import { plantStorms } from './storms.ts';
import { plantUpdates } from './losses/updates.ts';
import { plantVirtual, type VirtualMode } from './outages/virtual.ts';

interface Missing { readonly misses: readonly string[] | null }
const missesIn = (found: readonly Missing[]): string[] => found.flatMap(({ misses }) => misses ?? []);

/** What each part of the calibration misses when it is given this instrument; `shipped`: the one that is shipped. */
const parts = {
  losses: { entry: 'checks/data-loss.ts', shipped: { dataLoss }, misses: async (of: { dataLoss: typeof dataLoss }) => plantLosses(of.dataLoss, 30, 'mutants').flatMap(({ mode, misses }) => misses.map((miss) => `${mode}: ${miss}`)) },
  updates: { entry: 'checks/lost-updates.ts', shipped: { lostUpdates }, misses: async (of: { lostUpdates: typeof lostUpdates }) => plantUpdates(of.lostUpdates, 30, 'mutants').flatMap(({ mode, misses }) => misses.map((miss) => `${mode}: ${miss}`)) },
  resolvers: { entry: 'checks/dns-convergence.ts', shipped: { dnsConvergence }, misses: async (of: { dnsConvergence: typeof dnsConvergence }) => missesIn(plantResolvers(of.dnsConvergence, 15, 'mutants')) },
  storms: { entry: 'checks/connections.ts', shipped: { connections }, misses: async (of: { connections: typeof connections }) => plantStorms(of.connections, 150, 'mutants').flatMap(({ kind, misses }) => misses.map((miss) => `${kind}: ${miss}`)) },
  stages: { entry: 'checks/failover-time.ts', shipped: { failoverTime }, misses: async (of: { failoverTime: typeof failoverTime }) => missesIn(plantStages(of.failoverTime, 30, 'mutants')) },
  proofs: { entry: 'drill.ts', shipped: { drill }, misses: async (of: { drill: typeof drill }) => missesIn(await plantDuds(of.drill, ['mutants'])) },
  answers: { entry: 'agent/senses.ts', shipped: { openSenses }, misses: async (of: { openSenses: typeof openSenses }) => missesIn(await plantAnswers(of.openSenses, 60, 'mutants')) },
  hearing: { entry: 'agent/hearing.ts', shipped: { makeHearing }, misses: async (of: { makeHearing: typeof makeHearing }) => missesIn(plantBlindness(of.makeHearing, judge, 4, 'mutants')) },
  gates: { entry: 'judge.ts', shipped: { judge }, misses: async (of: { judge: typeof judge }) => missesIn(plantBlindness(makeHearing, of.judge, 4, 'mutants')) },
  outages: { entry: 'calibrate/outages/virtual.ts', shipped: { plantVirtual }, misses: async (of: { plantVirtual: typeof plantVirtual }) => {
    const modes: readonly VirtualMode[] = ['refused', 'silent', 'flaps, refused'];
    return missesIn((await Promise.all(modes.map((mode) => of.plantVirtual(tick, mode, 300, 'mutants', 3_000)))).flat());
  } },
} as const satisfies Readonly<Record<string, { readonly entry: string; readonly shipped: unknown; misses(of: never): Promise<string[]> }>>;
type Part = keyof typeof parts;

const missesOf = (part: Part, instrument: unknown): Promise<string[]> => (parts[part].misses as (of: unknown) => Promise<string[]>)(instrument);

/** Ways for an instrument to lie: the shipped source with one truth less, and how it is found out. */
const lies: readonly (readonly [says: string, Part, Mutation, RegExp])[] = [
  ['an outage ends when its last bad look began', 'outages', { file: 'judge/outage.ts', find: 'const high = back === null ? null : mostMs(', put: 'const high = back === null ? null : last.started - first.started || mostMs(' }, /longer than the upper bound/],
  ['a first good look is enough to be back', 'outages', { file: 'judge/outage.ts', find: 'look.started - started >= seeing.stableMs - seeing.everyMs', put: 'look.started - started >= 0' }, /measured as \d outages/],
  ['errors are timed from the first bad look`s start', 'outages', { file: 'judge/outage.ts', find: 'now.low = Math.max(now.low, look.started - now.firstEnded);', put: 'now.low = Math.max(now.low, look.ended - first(now));\n  function first(one: Open) { return one.first.started; }' }, /shorter than the lower bound/],
  ['what the old side acked after the cut counts as before it', 'losses', { file: 'checks/loss/reconcile.ts', find: "ended <= zero.high ? 'before' : 'after'", put: "ended <= zero.high + 1_000 ? 'before' : 'after'" }, /after the cut/],
  ['what another server still has is destroyed', 'losses', { file: 'checks/loss/reconcile.ts', find: "if (elsewhere()) return 'stranded';", put: '' }, /stranded/],
  ['a refused write that is there is nobody`s fault', 'losses', { file: 'checks/loss/reconcile.ts', find: '(attempted?.known[number] ?? known.nothing) < known.indeterminate', put: '(attempted?.known[number] ?? known.nothing) < known.refused' }, /phantom/],
  ['an attempt explains two rows', 'losses', { file: 'checks/loss/ledger.ts', find: 'Math.min(255, (this.rows[number] ?? 0) + 1)', put: 'Math.min(255, (this.rows[number] ?? 0) + 2)' }, /duplicated/],
  ['a read that began before the ack has missed it', 'losses', { file: 'checks/loss/stale.ts', find: 'known.acked && ended < moment) yield', put: 'known.acked) yield' }, /stale/],
  ['GTIDs are said to agree', 'losses', { file: 'checks/loss/gtids.ts', find: 'differs: errant - stranded.length - indeterminateOnOld', put: 'differs: 0' }, /errant/],
  ['the new primary`s GTIDs are not taken off', 'losses', { file: 'checks/loss/gtids.ts', find: 'subtract(had, held)', put: 'subtract(had, new Map())' }, /errant/],
  ['two servers never ack at once', 'losses', { file: 'checks/loss/servers.ts', find: 'ack.data?.server === old && ack.ended > first.ended', put: 'ack.data?.server === old && ack.started > first.ended + 60_000' }, /acked by both/],
  ['a loss is always a clean tail', 'losses', { file: 'checks/loss/servers.ts', find: 'has(final.census, writer.name, number)) beyond += 1;', put: 'has(final.census, writer.name, number)) beyond += 0;' }, /beyond a loss/],
  ['an update that was replaced was taken away', 'updates', { file: 'checks/updates/lines.ts', find: 'value = over;', put: 'value = null;' }, /reverted: .*invented/],
  ['neither of two that did not see each other is told of', 'updates', { file: 'checks/updates/conflicts.ts', find: 'if (first) found.push(', put: 'if (first === null) found.push(' }, /conflicting: .*not found/],
  ['nobody holds an answer too long', 'resolvers', { file: 'checks/dns/resolver.ts', find: 'const held = length !== null && length.low > limit;', put: 'const held = length !== null && length.low > 1e9 * limit;' }, /planted, and not named: held beyond/],
  ['a second beyond the change is too long', 'resolvers', { file: 'checks/dns/resolver.ts', find: 'const held = length !== null && length.low > limit;', put: 'const held = length !== null && length.low > 1_000;' }, /innocent, and named/],
  ['stale answers are not asked for', 'resolvers', { file: 'checks/dns/resolver.ts', find: 'return data?.ede === 3 || data?.ede === 19;', put: 'return data?.ede === 19;' }, /planted, and not named: stale answer/],
  ['raised TTLs are not read', 'resolvers', { file: 'checks/dns/resolver.ts', find: 'highestTtl * 1_000 > ttlOf(history) + 1_000', put: 'highestTtl > ttlOf(history) + 1_000' }, /planted, and not named: raised TTL/],
  ['a storm is as high as its average between looks', 'storms', { file: 'checks/connections/rates.ts', find: 'Math.max(found.value, most)', put: 'found.value' }, /peak: .*in a second/],
  ['a server that was started again had counted all', 'storms', { file: 'checks/connections/rates.ts', find: 'high: this.forgot(from, to) ? null : Math.max', put: 'high: Math.max' }, /peak: .*in a second/],
  ['what was refused before the break was refused in it', 'storms', { file: 'checks/connections/rates.ts', find: 'const before = readings.findLast(({ ended }) => ended <= from) ?? within(from, to)[0];\n      return', put: 'const before = within(from, to).at(-2);\n      return' }, /refused: .* refused/],
  ['a stage of which the end was not seen is zero', 'stages', { file: 'checks/failover/stages.ts', find: "if (!began || !ended) return missing(name, 's', `not observed: ${unseen.join(', ')}`);", put: "if (!began || !ended) return { ...missing(name, 's', `not observed: ${unseen.join(', ')}`), value: 0 };" }, /was not observed, and is said to be 0/],
  ['marks are taken at their word', 'stages', { file: 'checks/failover/sights.ts', find: 'low: mark.at - mark.errorMs, high: mark.at + mark.errorMs', put: 'low: mark.at, high: mark.at' }, /is not within/],
  ['time zero is the pull', 'stages', { file: 'history.ts', find: 'high: proven.bittenAt ?? proven.at', put: 'high: low.at' }, /is not within/],
  ['whatever is seen proves the fault', 'proofs', { file: 'drill/break.ts', find: 'const held = holds(sight);', put: 'const held = holds(sight) || true;' }, /ruled|another reason/],
  ['one sign of it is enough', 'proofs', { file: 'drill/break.ts', find: 'const proven = seen.every((one) => one.held);', put: 'const proven = seen.some((one) => one.held);' }, /ruled|another reason/],
  ['nobody looks before the pull', 'proofs', { file: 'drill/break.ts', find: 'if (wrong.length > 0 || proofs.length === 0) {', put: 'if (proofs.length === 0) {' }, /ruled|another reason/],
  ['what was healed is taken to be gone', 'proofs', { file: 'drill/break.ts', find: "seen.every((sight) => sight.held) ? 'gone' : 'failed'", put: "'gone'" }, /ruled|another reason/],
  ['a write that was cut off was refused', 'answers', { file: 'agent/append.ts', find: "  } catch {\n    return sayWrite(write, 'indeterminate');", put: "  } catch {\n    return sayWrite(write, 'refused');" }, /committed.*said to be refused/],
  ['a bare 503 was refused by the app', 'answers', { file: 'agent/append.ts', find: "answer.status === 503 && told.outcome === 'refused'", put: 'answer.status === 503' }, /bare 503, and said to be refused/],
  ['a kept connection is called new', 'answers', { file: 'agent/senses.ts', find: "line.served ? 'reused' as const : 'new' as const", put: "line.served ? 'new' as const : 'new' as const" }, /a reused connection, said to be new/],
  ['an agent that stood still saw everything', 'hearing', { file: 'agent/hearing.ts', find: '    if (knownTo !== null && stepped) blind(', put: '    if (stepped && knownTo === -1) blind(' }, /ruled|another reason/],
  ['silence is nothing to tell of', 'hearing', { file: 'agent/hearing.ts', find: 'at - knownTo > silentAfterMs', put: 'at - knownTo > 1e9' }, /ruled|another reason/],
  ['lost lines are not counted', 'hearing', { file: 'agent/hearing.ts', find: 'sample.seq !== probe.seq + 1', put: 'sample.seq < probe.seq' }, /ruled|another reason/],
  ['missed looks do not matter', 'gates', { file: 'judge/gates/instrument.ts', find: 'if (missedPct > missedLimitPct)', put: 'if (missedPct > 100)' }, /CPU|ruled|another reason/],
  ['blind time does not matter', 'gates', { file: 'judge/gates/instrument.ts', find: 'if (blind > blindLimitPct)', put: 'if (blind > 100)' }, /ruled|another reason/],
  ['stalls do not matter', 'gates', { file: 'judge/gates/instrument.ts', find: 'if (harmMs >= stallLimitMs)', put: 'if (harmMs >= 1e9)' }, /ruled|another reason/],
  ['a gate that does not hold is overruled', 'gates', { file: 'judge.ts', find: "const ruling = broken.length > 0 ? 'inconclusive' : worstOf(judged);", put: 'const ruling = worstOf(judged);' }, /ruled (pass|fail)/],
];

describe('each instrument as shipped misses nothing', () => {
  test.each(Object.keys(parts) as Part[])('%s', async (part) => { expect(await missesOf(part, parts[part].shipped)).toEqual([]); }, 60_000);
});

describe('an instrument that lies is found out', () => {
  test.each(lies)('%s', async (_says, part, mutation, found) => {
    const misses = await missesOf(part, await loadMutated(parts[part].entry, mutation));
    expect(misses.length).toBeGreaterThan(0);
    expect(misses.filter((miss) => found.test(miss)).length).toBeGreaterThan(0);
  }, 60_000);
});
