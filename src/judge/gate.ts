import type { Finding } from '../check.ts';
import type { History } from '../history.ts';

/** Something that must hold for a run to mean anything. One that does not hold caps the run at inconclusive: it neither passes nor fails (decision 6). */
export interface Gate { readonly name: string; judge(history: History): Pick<Finding, 'because' | 'measures'> & { readonly holds: boolean; readonly details?: unknown } }
