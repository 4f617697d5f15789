import { fileURLToPath } from 'node:url';
import type { CrowdOrder } from '../../world.ts';

/** The script that k6 runs around a person's own, which it finds beside it as `theirsName`. */
export const wrapper = fileURLToPath(new URL('main.k6.js', import.meta.url));
export const theirsName = 'theirs.js';

/** What k6 logs when its schedule is about to begin: everything before that is not measured. */
export const begins = 'regionfall: the schedule begins';
/** Longer than any drill: it is ended by a signal. */
const endlessly = '24h';

/** What the wrapping script must be told, as variables of its environment. */
export function tellWrapper({ everyMs, clients }: Pick<CrowdOrder, 'everyMs' | 'clients'>): Readonly<Record<string, string>> {
  const looks = { executor: 'constant-arrival-rate', rate: 1, timeUnit: `${everyMs}ms`, duration: endlessly, preAllocatedVUs: clients, maxVUs: clients, gracefulStop: '0s' };
  return { REGIONFALL_LOOKS: JSON.stringify(looks), REGIONFALL_BEGINS: begins };
}
