import type { Verdict } from '../check.ts';
import type { History } from '../history.ts';
import type { Advice } from './advice.ts';
import { faster } from './advice/faster.ts';
import { unfinished } from './advice/unfinished.ts';
import { pooled } from './advice/pooled.ts';
import { safer } from './advice/safer.ts';
import { steadier } from './advice/steadier.ts';

/** What to change, loss first, then time by how much it saves; empty where this run gives no reason to. Pure. */
export function advise(history: History, verdict: Verdict): Advice[] {
  return [...safer(history, verdict), ...steadier(history, verdict), ...pooled(history, verdict), ...faster(history, verdict), ...unfinished(history, verdict)];
}
