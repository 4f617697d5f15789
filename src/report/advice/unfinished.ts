import type { Verdict } from '../../check.ts';
import type { History } from '../../history.ts';
import { addUp, lossOf, stageRanges } from '../../judge/arithmetic.ts';
import type { Advice } from '../advice.ts';
import { failoverDetails } from '../details.ts';
import { changesFor } from './changes.ts';
import { sayRange } from './faster.ts';

// What had not happened yet, and the stage that was still going on.
const ends: readonly (readonly [sight: string, stage: string, words: string])[] = [
  ['unhealthy', 'stage.detect.dns', 'health checks had not turned'], ['declared dead', 'stage.detect.db', 'the pilot had declared nothing dead'], ['let go', 'stage.resolve', 'the reference client\'s resolver still held the old answer'],
];

/** Settings by which a failover could not end within the break: there only the arithmetic can say what they would have made of it. */
export function unfinished(history: History, verdict: Verdict): Advice[] {
  const finding = verdict.findings.find(({ kind }) => kind === 'failover-time');
  const rto = finding?.measures.find(({ name }) => name === 'failover.rto');
  const loss = lossOf(history);
  const { sights, window } = failoverDetails(finding);
  if (!loss || !sights || !window || !rto?.censored || rto.value === null) return [];
  const { settings } = history.run.topology;
  const now = addUp(settings, loss);
  const watched = (window.to - window.from) / 1_000;
  const open = ends.filter(([sight]) => !sights.some(({ name }) => name === sight));
  return changesFor(settings).flatMap((change): Advice[] => {
    const mine = open.find(([, stage]) => stage === change.stage);
    const is = stageRanges(settings, loss)[change.stage];
    const with_ = addUp(change.apply(settings), loss);
    const would = stageRanges(change.apply(settings), loss)[change.stage];
    // A stage that fits into the break easily is not what kept it from ending.
    if (!mine || !is || !would || is.high * 2 < watched || is.high - would.high < 1) return [];
    return [{
      name: change.name, change: `${change.variable}: ${change.would} instead of ${change.is}`,
      because: `${watched.toFixed(1)} s after time zero ${mine[2]}: ${change.variable} is ${change.is}, which takes ${sayRange(is)}; with ${change.would} it takes ${sayRange(would)}, and all settings add up to ${sayRange(with_)} instead of ${sayRange(now)}.`,
      price: change.price, sum: { measure: 'failover.rto', unit: 's', now: rto.value ?? 0, low: with_.low, high: with_.high },
    }];
  });
}
