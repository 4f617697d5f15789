import type { Plan } from './bound.ts';

/** A phase as planned: how long it takes at least, and at most, in ms. */
export interface PlannedPhase { readonly phase: 'stabilise' | 'baseline' | 'break' | 'heal' | 'switch over' | 'rejoin' | 'fail back' | 'quiesce' | 'reconcile'; readonly leastMs: number; readonly mostMs: number }

/** What a phase may take beyond its planned time, in ms, before the run is given up: a world opens in less, a large database rejoins in less. */
export const allowances = { open: 120_000, stabilise: 60_000, prove: 30_000, heal: 60_000, rejoin: 300_000, move: 120_000, quiesce: 30_000, reconcile: 120_000 } as const;
/** What happens right after a heal or a move is watched for this long, or for `stable` where that is shorter. */
const aftermathMs = 10_000;

type Timed = Pick<Plan, 'stableMs' | 'baselineMs' | 'faults' | 'then' | 'probes' | 'topology'>;

/** The phases that a plan goes through, with their planned times. A break that ends when users have recovered takes `stable` at least. */
export function planPhases(plan: Timed): PlannedPhase[] {
  const aftermath = Math.min(plan.stableMs, aftermathMs);
  const broken = plan.faults.length > 0;
  const longestLookMs = Math.max(0, ...plan.probes.map((probe) => probe.timeoutMs));
  const moves = (phase: 'switch over' | 'fail back'): PlannedPhase[] => (plan.then.includes(phase) ? [{ phase, leastMs: aftermath, mostMs: aftermath + allowances.move + 2 * plan.topology.settings.dns.ttl }] : []);
  return [
    { phase: 'stabilise', leastMs: 0, mostMs: allowances.stabilise },
    { phase: 'baseline', leastMs: plan.baselineMs, mostMs: plan.baselineMs },
    broken ? { phase: 'break', leastMs: endOfBreak(plan, 'least'), mostMs: endOfBreak(plan, 'most') + allowances.prove } : { phase: 'break', leastMs: plan.stableMs, mostMs: plan.stableMs },
    ...(broken ? [{ phase: 'heal' as const, leastMs: aftermath, mostMs: aftermath + allowances.heal }] : []),
    ...moves('switch over'),
    ...(plan.then.includes('rejoin') ? [{ phase: 'rejoin' as const, leastMs: 0, mostMs: allowances.rejoin }] : []),
    ...moves('fail back'),
    { phase: 'quiesce', leastMs: 0, mostMs: longestLookMs + allowances.quiesce },
    { phase: 'reconcile', leastMs: 0, mostMs: allowances.reconcile },
  ];
}

/** The longest the whole may take, from before a world is opened to after the last read, in ms. */
export function endsWithin(plan: Timed): number {
  return allowances.open + planPhases(plan).reduce((sum, phase) => sum + phase.mostMs, 0);
}

function endOfBreak(plan: Timed, bound: 'least' | 'most'): number {
  return Math.max(...plan.faults.map((fault) => fault.atMs + (fault.until === 'recovered' ? (bound === 'least' ? plan.stableMs : fault.atMostMs) : fault.until)));
}
