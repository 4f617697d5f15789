import type { Rate } from './rates.ts';

/** What one database was asked for: on average before the break, at most in a second of it, and of what came after the heal; null where it did not say. How many it refused, and how many were seen open at most, from the break on; `forgot`: it was started again, and what it had counted since it was last asked is not in it. */
export interface Peak { readonly region: string; readonly baseline: Rate | null; readonly broken: Rate | null; readonly healed: Rate | null; readonly refused: number; readonly forgot: boolean; readonly open: number }

/** What the finding of `connections` carries beside its measures: a peak a database, the highest first; `limit`: how many connections each takes at a time. */
export interface Details { readonly peaks: readonly Peak[]; readonly limit: number }
