import { quantile } from '../../judge/bounds.ts';
import { samplesOf, type History, type Sample } from '../../history.ts';
import { clientProbes, measuredSpan } from '../../judge/looks.ts';
import { followClient, type Course } from '../../judge/recovery.ts';

/** As fast as before: no slower than this many times what 99 % of the looks before the fault took. */
export const paceTimes = 3;
/** Nobody notices less (Nielsen, "Response Times: The 3 Important Limits", 1993: 0.1 s feels instantaneous). */
const unnoticedMs = 100;
/** With fewer looks before the fault there is no p99 (semantics of small numbers). */
const leastBefore = 100;

/** How the reference client fared if an answer that was much slower than before the fault counts as none; null where there were too few looks to know what was usual. */
export function followPace(history: History, zeroMs: number): Course | null {
  const { from } = measuredSpan(history);
  const limits = new Map<string, number>();
  for (const { name, says } of clientProbes(history)) {
    const took = samplesOf(history, says, name).filter(({ ok, started, ended }) => ok && started >= from && ended <= zeroMs).map(({ started, ended }) => ended - started).sort((a, b) => a - b);
    if (took.length < leastBefore) return null;
    limits.set(name, Math.max(unnoticedMs, paceTimes * (quantile(took, 0.99) ?? 0)));
  }
  return followClient(history, zeroMs, ({ ok, probe, started, ended }: Sample) => ok && ended - started <= (limits.get(probe) ?? 0));
}
