import type { Report } from '../../report.ts';
import { findingOf } from '../../report.ts';
import { measureOf } from '../say.ts';

/** The moments a reader needs by name, ms since the start of the run; null where they did not happen or were not seen. */
export interface Moments {
  /** What times are told from: T0 where a fault was proven, else the start of the break or of the run. */
  readonly zero: number;
  readonly t0: { readonly low: number; readonly high: number } | null;
  readonly recovered: number | null;
  readonly heal: number | null;
  readonly failBack: number | null;
  readonly end: number;
}

/** Finds them in the report: T0 is that of the fault users notice, else of the first that was proven. */
export function momentsOf(report: Report): Moments {
  const phase = (name: string) => report.phases.find((span) => span.phase === name)?.from ?? null;
  const proven = report.faults.filter((fault) => fault.t0 !== null);
  const t0 = (proven.find((fault) => fault.name === report.run.impact) ?? proven[0])?.t0 ?? null;
  const rto = measureOf(findingOf(report, 'failover-time'), 'failover.rto');
  const recovered = t0 && rto && rto.value !== null && !rto.censored ? t0.low + rto.value * 1_000 : null;
  return { zero: t0?.low ?? phase('break') ?? 0, t0, recovered, heal: phase('heal'), failBack: phase('fail back'), end: report.endsAt };
}
