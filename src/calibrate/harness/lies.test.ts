import { describe, expect, test } from '@jest/globals';
import { makeHearing } from '../../agent/hearing.ts';
import { watchFrom } from '../../agent/run.ts';
import { failoverTime } from '../../checks/failover-time.ts';
import { breakAndWatch } from '../../drill/break.ts';
import { linkCut } from '../../faults/link-cut.ts';
import { judge } from '../../judge.ts';
import { loadMutated, type Mutation } from '../mutate.ts';
import { plantBites } from './bites.ts';
import { plantBlindness } from './blind.ts';
import { plantEdges } from './edges.ts';
import { plantHidden } from './hiding.ts';
import { plantStalls } from './self.ts';
import { plantUnseen } from './unseen.ts';

const said = (found: readonly { readonly kind?: string; readonly misses: readonly string[] }[]): string[] => found.flatMap(({ kind = '', misses }) => misses.map((miss) => `${kind}: ${miss}`));

/** What each part of the calibration misses when it is given this instrument; `shipped`: the one that is shipped. */
const parts = {
  bites: { entry: 'drill/break.ts', shipped: { breakAndWatch }, misses: async (of: { breakAndWatch: typeof breakAndWatch }) => said(await plantBites(of.breakAndWatch, 150, 'lies')) },
  hidden: { entry: 'drill/break.ts', shipped: { breakAndWatch }, misses: async (of: { breakAndWatch: typeof breakAndWatch }) => said(await plantHidden(of.breakAndWatch, linkCut, 'lies')) },
  'one way': { entry: 'faults/link-cut.ts', shipped: { linkCut }, misses: async (of: { linkCut: typeof linkCut }) => said(await plantHidden(breakAndWatch, of.linkCut, 'lies')) },
  edges: { entry: 'judge.ts', shipped: { judge }, misses: async (of: { judge: typeof judge }) => said(plantEdges(of.judge, 10, 'lies')) },
  unseen: { entry: 'checks/failover-time.ts', shipped: { failoverTime }, misses: async (of: { failoverTime: typeof failoverTime }) => said(plantUnseen(of.failoverTime, judge, 20, 'lies')) },
  clocks: { entry: 'agent/hearing.ts', shipped: { makeHearing }, misses: async (of: { makeHearing: typeof makeHearing }) => said(plantBlindness(of.makeHearing, judge, 8, 'lies')) },
  itself: { entry: 'agent/run.ts', shipped: { watchFrom }, misses: async (of: { watchFrom: typeof watchFrom }) => said(await plantStalls(of.watchFrom, 24, 'lies')) },
} as const satisfies Readonly<Record<string, { readonly entry: string; readonly shipped: unknown; misses(of: never): Promise<string[]> }>>;
type Part = keyof typeof parts;

const missesOf = (part: Part, instrument: unknown): Promise<string[]> => (parts[part].misses as (of: unknown) => Promise<string[]>)(instrument);

/** Ways for the harness to lie: the shipped source with one truth less, and how it is found out. */
const lies: readonly (readonly [says: string, Part, Mutation, RegExp])[] = [
  ['it bit when it was pulled', 'bites', { file: 'drill/break.ts', find: 'const bittenAt = Math.max(...seen.map((one, index) => bittenBy(one, before[index] as Sight)));', put: 'const bittenAt = begun.pulledAt;' }, /ends .* before it bit/],
  ['it bit long after it was seen to', 'bites', { file: 'drill/break.ts', find: 'const bittenAt = Math.max(...seen.map((one, index) => bittenBy(one, before[index] as Sight)));', put: 'const bittenAt = Math.max(...seen.map((one) => one.ended)) + 5_000;' }, /after it could be seen to bite/],
  ['it bit when the looks that hung had ended', 'bites', { file: 'drill/break.ts', find: 'return Math.min(seen.ended, seen.started + (before.ended - before.started));', put: 'return seen.ended;' }, /after it could be seen to bite, on average/],
  ['a look that finds it had begun while it bit', 'bites', { file: 'drill/break.ts', find: 'return Math.min(seen.ended, seen.started + (before.ended - before.started));', put: 'return seen.started;' }, /ends .* before it bit/],
  ['all of it bit when the first sign was seen', 'bites', { file: 'drill/break.ts', find: 'const bittenAt = Math.max(...seen', put: 'const bittenAt = Math.min(...seen' }, /ends .* before it bit/],
  ['the pull began when it returned', 'bites', { file: 'drill/break.ts', find: "  say(stage, bound, 'injected', undo", put: "  (stage.record.entries.findLast((one) => one.kind === 'fault' && one.state === 'injecting') as { at: number }).at = stage.world.clock.now();\n  say(stage, bound, 'injected', undo" }, /begins .* after it bit/],
  ['no fault hides another', 'hidden', { file: 'drill/break.ts', find: 'return pulls.some((one) =>', put: 'return pulls.slice(0, 0).some((one) =>' }, /does nothing behind one that bites: .*said to be proven/],
  ['what is being healed bites no more', 'hidden', { file: 'drill/break.ts', find: 'one.goneAt > started', put: '(one as Held).healed !== true' }, /while another is being healed: .*said to be proven/],
  ['what proves nothing of another does not show it', 'hidden', { file: 'drill/break.ts', find: 'shows: all,', put: 'shows: proofs,' }, /while another is being healed: .*said to be proven/],
  ['what is still being pulled hides nothing', 'hidden', { file: 'drill/break.ts', find: 'const others = () => pulls.filter((one) => one !== begun);', put: 'const others = () => held.filter((one) => one !== begun);' }, /while another is still being pulled: .*said to be proven/],
  ['one fault hides all of another', 'hidden', { file: 'drill/break.ts', find: 'one.shows.some((other) => sayLook(other) === sayLook(proof))', put: 'one.shows.length > 0' }, /some of whose signs another hides: .*never said to be proven/],
  ['a cut is looked at from the one side', 'one way', { file: 'faults/cut-proof.ts', find: "    ...prove(two, one, outgoing(how, 'in'), topology),\n", put: '' }, /only what goes out is rejected: .*said to be proven/],
  ['a cut is looked at from the other side', 'one way', { file: 'faults/cut-proof.ts', find: "    ...prove(one, two, outgoing(how, 'out'), topology),\n", put: '' }, /only what comes in is rejected: .*said to be proven/],
  ['a rejection may be silence', 'one way', { file: 'faults/cut-proof.ts', find: "? ['refused'] : ['silent']", put: "? ['refused', 'silent'] : ['silent']" }, /rejected: .*said to be proven/],
  ['the control point may be bad', 'edges', { file: 'judge/gates/control-path.ts', find: 'if (bad.length === 0)', put: 'if (bad.length >= 0)' }, /one bad look at the control point: ruled/],
  ['no control point is needed', 'edges', { file: 'judge/gates/control-path.ts', find: 'if (!probe) return { holds: false', put: 'if (!probe) return { holds: true' }, /no control point: ruled/],
  ['whatever has an end was completed', 'edges', { file: 'judge/gates/completed.ts', find: "history.status === 'completed'", put: 'history.status !== null' }, /drill aborted: ruled/],
  ['users notice whatever happens', 'edges', { file: 'judge/gates/impact.ts', find: 'noticed.length > 0', put: 'noticed.length >= 0' }, /users notice nothing: ruled/],
  ['one bad look is not noticed', 'edges', { file: 'judge/gates/impact.ts', find: 'count > 0', put: 'count > 1' }, /users notice it once: nothing was wrong/],
  ['eight in a hundred looks may be missed', 'edges', { file: 'judge/gates/instrument.ts', find: 'missedLimitPct = 1;', put: 'missedLimitPct = 8;' }, /too many looks missed: ruled/],
  ['two in a thousand looks may be missed', 'edges', { file: 'judge/gates/instrument.ts', find: 'missedLimitPct = 1;', put: 'missedLimitPct = 0.2;' }, /a few looks missed: nothing was wrong/],
  ['looks that nobody told of were made', 'edges', { file: 'judge/gates/instrument.ts', find: 'return due <= 0 ? 0 :', put: 'return due > 0 ? 0 :' }, /too many looks that nobody told of: ruled/],
  ['it may be blind for a twentieth of the time', 'edges', { file: 'judge/gates/instrument.ts', find: 'blindLimitPct = 1;', put: 'blindLimitPct = 5;' }, /blind for too long: ruled/],
  ['only the longest blindness counts', 'edges', { file: 'judge/gates/instrument.ts', find: 'sum += Math.max(0,', put: 'sum = Math.max(sum,' }, /blind for too long, in pieces: ruled/],
  ['a stall may last half as long again as a look', 'edges', { file: 'judge/gates/instrument.ts', find: 'if (harmMs >= stallLimitMs)', put: 'if (harmMs >= 1.5 * stallLimitMs)' }, /a stall as long as a look may take: ruled/],
  ['half as long as a look is too long a stall', 'edges', { file: 'judge/gates/instrument.ts', find: 'if (harmMs >= stallLimitMs)', put: 'if (harmMs >= 0.5 * stallLimitMs)' }, /a stall shorter than a look may take: nothing was wrong/],
  ['a stall that did no harm did some', 'edges', { file: 'judge/gates/instrument.ts', find: '...harmful.map(', put: '...gaps.map(' }, /a long stall while no look was bad: nothing was wrong/],
  ['a look that was refused was spoilt by a stall', 'edges', { file: 'judge/gates/instrument.ts', find: 'ended - started >= 0.9 *', put: 'ended - started >= 0 *' }, /a long stall while looks were refused at once: nothing was wrong/],
  ['a check that crashes has passed', 'edges', { file: 'judge.ts', find: "ruling: 'inconclusive', because: `The check itself failed", put: "ruling: 'pass', because: `The check itself failed" }, /a check that crashes: ruled pass/],
  ['what is said of blind time is true', 'unseen', { file: 'judge/looks.ts', find: 'if (blind.length === 0) return looks', put: 'if (blind.length >= 0) return looks' }, /is not within/],
  ['a look that ends in blind time is true', 'unseen', { file: 'judge/looks.ts', find: 'look.started < span.to && look.ended > span.from', put: 'look.started < span.to && look.started > span.from' }, /is not within/],
  ['a clock may be three seconds ahead', 'clocks', { file: 'agent/hearing.ts', find: 'const clockGrainMs = 1;', put: 'const clockGrainMs = 2_900;' }, /clock ahead: ruled/],
  ['a clock may be a tenth of a second ahead', 'clocks', { file: 'agent/hearing.ts', find: 'const clockGrainMs = 1;', put: 'const clockGrainMs = 100;' }, /clock ahead: ruled/],
  ['a clock may go back a little', 'clocks', { file: 'agent/hearing.ts', find: 'at < knownTo);', put: 'at < knownTo - 500);' }, /clock back: ruled/],
  ['no look was ever missed', 'itself', { file: 'ticker.ts', find: 'pace.missed(skipped)', put: 'pace.missed(0)' }, /looks missed: 0/],
  ['no look ever began late', 'itself', { file: 'ticker.ts', find: 'pace.started(behind)', put: 'pace.started(0)' }, /the latest look: 0/],
  ['looks begin when they are due', 'itself', { file: 'ticker.ts', find: 'started, ended,\n', put: 'started: scheduled, ended,\n' }, /looks did not begin when they say/],
  ['a look may begin later than is promised', 'itself', { file: 'ticker.ts', find: 'const lateMs = 100;', put: 'const lateMs = 300;' }, /looks missed/],
  ['what began late is told only of the last', 'itself', { file: 'ticker/pace.ts', find: 'late.push(Math.abs(lateMs));', put: 'late = [Math.abs(lateMs)];' }, /looks begun/],
  ['one in a hundred is one in two', 'itself', { file: 'ticker/pace.ts', find: 'sorted.length * 0.99', put: 'sorted.length * 0.5' }, /one in a hundred/],
  ['an agent never stalls', 'itself', { file: 'agent/run.ts', find: 'stallMax: stallMs?.() ?? 0', put: 'stallMax: 0' }, /the longest stall/],
  ['the first looks at the control point do not count', 'edges', { file: 'judge/gates/control-path.ts', find: '.filter(({ started }) => started >= from)', put: '.slice(10)' }, /the first or the last look at the control point is bad: ruled/],
  ['looks at the control point count before the baseline', 'edges', { file: 'judge/gates/control-path.ts', find: '.filter(({ started }) => started >= from)', put: '' }, /trouble before the baseline: nothing was wrong/],
  ['a control point that told nothing is well', 'edges', { file: 'judge/gates/control-path.ts', find: 'if (looks.length === 0) return { holds: false', put: 'if (looks.length === 0) return { holds: true' }, /no look at the control point: inconclusive for another reason/],
  ['what was bad before the fault was noticed of it', 'edges', { file: 'judge/gates/impact.ts', find: 'zero.low', put: '0' }, /users notice something before it: ruled/],
  ['what was not pulled was noticed', 'edges', { file: 'judge/gates/impact.ts', find: 'if (!zero) return { holds: false', put: 'if (!zero) return { holds: true' }, /users are to notice what was not pulled: ruled/],
  ['blind time that is told twice counts twice', 'edges', { file: 'judge/gates/instrument.ts', find: 'Math.max(span.from, covered)', put: 'span.from' }, /told twice to have been blind for a little: nothing was wrong/],
  ['an agent is held to what it said before the baseline', 'edges', { file: 'judge/gates/instrument.ts', find: 'entry.at > span.from && entry.at <= span.to', put: 'entry.at <= span.to' }, /trouble before the baseline: nothing was wrong/],
  ['the longest look is the limit of a stall', 'edges', { file: 'judge/gates/instrument.ts', find: 'Math.min(...probes.map(({ timeoutMs }) => timeoutMs))', put: 'Math.max(...probes.map(({ timeoutMs }) => timeoutMs))' }, /a stall as long as a look may take: ruled/],
  ['looks not made in blind time count twice', 'edges', { file: 'judge/gates/instrument.ts', find: 'last.scheduled - first.scheduled - blind', put: 'last.scheduled - first.scheduled' }, /looks not made while it was blind for a little, and a few more: nothing was wrong/],
  ['what was healed is gone', 'edges', { file: 'judge/gates/fault-proven.ts', find: "if (!mustBeGone || of('gone')) return null;", put: 'return null;' }, /fault healed, and nobody saw it gone: ruled/],
  ['one probe`s blindness is nobody`s', 'edges', { file: 'judge/looks.ts', find: 'entry.probe === null || entry.probe === probe.name', put: 'entry.probe === null' }, /a bad look at the control point in blind time: nothing was wrong/],
  ['what another hides is looked at when it is healed', 'hidden', { file: 'drill/break.ts', find: 'others.filter(({ healed }) => !healed)', put: '[]' }, /healed while another hides some of its signs: .*never said to be gone/],
  ['nobody looks at apps', 'one way', { file: 'faults/cut-proof.ts', find: "new Set(['app', 'database',", put: "new Set(['database'," }, /a cut spares the apps: .*said to be/],
  ['a cut one way is silent', 'one way', { file: 'faults/cut-proof.ts', find: "direction === 'both' || direction === way", put: "direction === 'both'" }, /rejected one way in: .*never said to be proven/],
  ['all looks go out as clients do', 'one way', { file: 'faults/cut-proof.ts', find: "from.part === undefined || from.part === 'clients'", put: 'true' }, /from an app to a database is cut: .*never said to be proven/],
  ['nobody waits for the last look', 'itself', { file: 'agent/run.ts', find: 'await Promise.all(ending.map((one) => one.end()));', put: 'void Promise.all(ending.map((one) => one.end()));' }, /looks told of/],
];

describe('each part of the harness as shipped misses nothing', () => {
  test.each(Object.keys(parts) as Part[])('%s', async (part) => { expect(await missesOf(part, parts[part].shipped)).toEqual([]); }, 60_000);
});

describe('a harness that lies is found out', () => {
  test.each(lies)('%s', async (_says, part, mutation, found) => {
    const misses = await missesOf(part, await loadMutated(parts[part].entry, mutation));
    expect(misses.slice(0, 20)).toEqual(expect.arrayContaining([expect.anything()]));
    expect(misses.filter((miss) => found.test(miss)).length).toBeGreaterThan(0);
  }, 60_000);
});
