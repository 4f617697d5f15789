import type { History } from '../../history.ts';
import { addUp, lossOf, type Expected } from '../../judge/arithmetic.ts';

export type { Expected } from '../../judge/arithmetic.ts';

/** What the settings of a run add up to for the loss of its primary region; null for any other fault. */
export function expectFailover(history: History): Expected | null {
  const loss = lossOf(history);
  return loss && addUp(history.run.topology.settings, loss);
}
