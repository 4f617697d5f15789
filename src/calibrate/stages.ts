import type { failoverTime } from '../checks/failover-time.ts';
import type { Measure } from '../check.ts';
import { makeRandom } from '../providers/sim/random.ts';
import { drawFailover, type Failover } from './failovers/drawn.ts';
import { dueOf, type Due } from './failovers/due.ts';
import { misruled } from './failovers/rulings.ts';
import { invented } from './miss.ts';

/** One measure of one planted failover: in what ways it was told, or ruled by, wrongly. `mostBiasMs`, `mostWidthMs`: how far off and how wide it may be. */
export interface Staged {
  readonly mode: 'stages, seen and unseen' | 'time to recover';
  readonly misses: readonly string[];
  readonly biasMs: number | null;
  readonly widthMs: number | null;
  readonly mostBiasMs?: number;
  readonly mostWidthMs?: number;
}

/** One in so many is judged by objectives, too, a score of them. */
const ruledEvery = 3;
const ofClient: readonly string[] = ['failover.rto', 'failover.paced', 'failover.outage.longest'];

/**
 * Plants failovers whose steps happened at known moments, each told with an error of known size or not at all, some of them after the heal: every measure must hold its truth, within bounds no
 * wider than those errors and looks leave open; one whose ends were not both seen must be null, never zero; one that was not over at the heal has no upper bound; and objectives are ruled by these bounds.
 */
export function plantStages(check: typeof failoverTime, histories: number, seed: string): Staged[] {
  const random = makeRandom(`stages ${seed}`);
  return Array.from({ length: histories }, (_, index) => measure(check, drawFailover(random), index % ruledEvery === 0)).flat();
}

function measure(check: typeof failoverTime, failover: Failover, ruled: boolean): Staged[] {
  const { measures } = check.judge(failover.history, {});
  const of = (name: string): Measure | undefined => measures.find((one) => one.name === name);
  const due = dueOf(failover);
  const staged = [...new Set([...Object.keys(due), ...check.measures])].map((name): Staged => ({ mode: ofClient.includes(name) ? 'time to recover' : 'stages, seen and unseen', ...compare(name, due[name], of(name)) }));
  const [rto, paced] = [of('failover.rto'), of('failover.paced')];
  if (!ruled) return staged;
  const misses = rto && paced ? misruled(check, failover, rto, paced, { rto: due['failover.rto'] as Due, paced: due['failover.paced'] as Due }) : [];
  return [...staged, { mode: 'time to recover', misses, biasMs: null, widthMs: null }];
}

function compare(name: string, due: Due | undefined, said: Measure | undefined): Omit<Staged, 'mode'> {
  const missed = (...misses: string[]) => ({ misses, biasMs: null, widthMs: null });
  if (!due) return missed(`${name} is measured, and nobody plants it`);
  if (!said) return missed(`${name} is not given`);
  if (due.truth === null) return missed(...(said.value === null ? [] : [invented(`${name} was not observed, and is said to be ${said.value} s`)]));
  if (said.value === null || said.low === null) return missed(`${name} was observed, and is not told`);
  const [value, low, high] = [said.value * 1_000, said.low * 1_000, said.high === null ? null : said.high * 1_000];
  const misses: string[] = [];
  const held = (holds: boolean, miss: string): void => { if (!holds) misses.push(`${name}: ${miss}`); };
  held(low <= value && (high === null || value <= high), `${said.value} s lies outside of its own bounds ${said.low}-${said.high} s`);
  // Measures are said to the millisecond.
  held(low <= due.truth + 1 && (high === null || due.truth <= high + 1), `${due.truth.toFixed(0)} ms is not within ${said.low}-${said.high} s`);
  held(said.censored === (due.cutOff ?? false), due.cutOff ? 'it was not over at the heal, and is not said to be cut off' : 'it was over, and is said to be cut off');
  if (due.cutOff) {
    held(high === null, `it was not over at the heal, and is said to be ${said.high} s at most`);
    held(low >= due.truth - due.offMs - 1, `${due.truth.toFixed(0)} ms were observed, and only ${said.low} s are told`);
    return { misses, biasMs: null, widthMs: null };
  }
  held(high !== null, 'it was over, and has no upper bound');
  const [biasMs, widthMs] = [value - due.truth, (high ?? value) - low];
  held(Math.abs(biasMs) <= due.offMs + 1, `${said.value} s is ${Math.abs(biasMs).toFixed(0)} ms off, more than the ${due.offMs.toFixed(0)} ms that it was told with`);
  held(widthMs <= due.widthMs + 2, `bounds ${widthMs.toFixed(0)} ms wide, more than the ${due.widthMs.toFixed(0)} ms that it was told with`);
  return { misses, biasMs, widthMs, mostBiasMs: due.offMs, mostWidthMs: due.widthMs };
}
