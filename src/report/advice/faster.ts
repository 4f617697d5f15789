import type { Verdict } from '../../check.ts';
import type { History } from '../../history.ts';
import type { Range } from '../../judge/arithmetic.ts';
import type { Settings } from '../../topology.ts';
import type { Advice } from '../advice.ts';
import { changesFor, type Change } from './changes.ts';
import { measuredOf, sumWith, type Measured } from './sum.ts';

/** A change is advised only where it surely saves this much: a second, and a tenth of what is left. */
const least = { seconds: 1, share: 0.1 } as const;

/** Settings that would have brought users back sooner, the one that saves most first, and each further one on top of those before it. */
export function faster(history: History, verdict: Verdict): Advice[] {
  const measured = measuredOf(history, verdict);
  if (!measured) return [];
  const given: Advice[] = [];
  let [settings, left] = [measured.settings, measured.rto];
  for (;;) {
    const found = best(measured, settings, left);
    if (!found) return given;
    given.push(advice(measured, found, left, given.length > 0));
    [settings, left] = [apply(settings, found.changes), found.sum.high];
  }
}

interface Found { readonly changes: readonly Change[]; readonly sum: Range }

/** The one change that saves most, or else the pair: where both ways take equally long, shortening one of them saves nothing. */
function best(measured: Measured, settings: Settings, left: number): Found | null {
  const changes = changesFor(settings).filter(({ stage }) => (measured.stages[stage] ?? 0) > 0);
  const saves = (found: Found) => left - found.sum.high >= Math.max(least.seconds, least.share * left);
  const among = (sets: readonly (readonly Change[])[]) => sets
    .map((set): Found => ({ changes: set, sum: sumWith(measured, apply(settings, set)) })).filter(saves)
    .sort((a, b) => a.sum.high - b.sum.high)[0] ?? null;
  return among(changes.map((change) => [change])) ?? among(changes.flatMap((one, index) => changes.slice(index + 1).map((other) => [one, other])));
}

function apply(settings: Settings, changes: readonly Change[]): Settings {
  return changes.reduce((so, change) => change.apply(so), settings);
}

const spent: Readonly<Record<string, string>> = {
  'stage.detect.db': 'detection by the pilot', 'stage.detect.dns': 'detection by health checks', 'stage.resolve': 'the resolver\'s, which still held the old answer',
  'stage.publish.dns': 'spent until the standby looked well: its app asks the database, whose name still led to the lost region', 'stage.adopt': 'the clients\' and the apps\', who held on to what was gone',
};

function advice(measured: Measured, { changes, sum }: Found, left: number, onTop: boolean): Advice {
  const evidence = changes.map(({ stage, variable, is }) => `${tenths(measured.stages[stage] ?? 0)} of ${tenths(measured.rto)} s were ${spent[stage] ?? stage}: ${variable} is ${is}`).join('; ');
  return {
    name: changes.map(({ name }) => name).join(' and '),
    change: changes.map(({ variable, is, would }) => `${variable}: ${would} instead of ${is}`).join('; and '),
    because: `${evidence}; with ${changes.map(({ would }) => would).join(' and ')}${onTop ? ' on top of that' : ''} the sum is ${sayRange(sum)}${onTop ? ` instead of ${tenths(left)} s at most` : ''}.`,
    price: changes.map(({ price }) => price).join('; '),
    sum: { measure: 'failover.rto', unit: 's', now: round(left), low: round(sum.low), high: round(sum.high) },
  };
}

function tenths(seconds: number): string {
  return seconds.toFixed(1);
}

/** `13.0 s`, or `12.0 to 14.0 s` where the bounds differ as they are printed. */
export function sayRange({ low, high }: Range): string {
  return tenths(low) === tenths(high) ? `${tenths(high)} s` : `${tenths(low)} to ${tenths(high)} s`;
}

function round(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}
