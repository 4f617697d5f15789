import type { Expected } from './expected.ts';
import type { Row } from './rows.ts';
import type { SightName } from './sights.ts';
import type { Stage } from './stages.ts';

/** What the finding of `failover-time` carries beside its measures. Moments in ms since the start of the run, lengths in seconds. */
export interface Details {
  readonly window: { readonly from: number; readonly to: number };
  readonly sights: readonly { readonly name: SightName; readonly at: number; readonly low: number; readonly high: number }[];
  readonly stages: readonly Stage[];
  readonly criticalPath: readonly string[];
  readonly slowest: string | null;
  /** Null where no arithmetic fits this fault. `exceeded`: the least that was measured is more than the most that was expected. */
  readonly expected: (Expected & { readonly exceeded: boolean }) | null;
  readonly probes: readonly Row[];
  /** From time zero to the first good look of the reference client after its first bad one; null where there was none. */
  readonly firstSuccess: number | null;
}
