import type { Measure } from '../check.ts';
import { withUnit } from '../reporters/say.ts';
import type { Seen } from '../statistics.ts';

/** Measures whose median people ask for first, and their words. */
export const headlines: Readonly<Record<string, string>> = {
  'failover.rto': 'recovery time (RTO)', 'failover.paced': 'until answers came as fast as before', 'failover.outage.longest': 'longest outage', 'failover.detect.dns': 'until health checks noticed', 'failover.detect.db': 'until the pilot noticed', 'failover.promote': 'until the first write on the new primary',
  'loss.lost': 'writes lost', 'loss.rpo': 'RPO, before the cut', 'loss.afterCut': 'lost after the cut', 'dns.convergence.max': 'DNS convergence, slowest critical', 'failback.pause': 'pause while failing back', 'switchover.pause': 'pause while switching over', 'redundancy.restored.heal': 'redundant again, after heal',
};

const others: Readonly<Record<string, string>> = {
  'stage.detect.dns': 'stage: health checks notice', 'stage.publish.dns': 'stage: authorities get the new address', 'stage.resolve': 'stage: resolver lets go of the old one', 'stage.detect.db': 'stage: pilot declares it dead', 'stage.decide': 'stage: fence and stop',
  'stage.drain': 'stage: apply what was received', 'stage.promote': 'stage: promote', 'stage.publish.db': 'stage: publish the database name', 'stage.person': 'stage: wait for a person', 'stage.lease': 'stage: wait for the lease to run out', 'stage.runbook': 'stage: the runbook', 'stage.fence': 'stage: old primary refuses writes', 'stage.adopt': 'stage: client is served again',
  'commits.p50': 'commit, median before the break', 'commits.p99': 'commit, p99 before the break', 'commits.underway': 'commits under way when it broke', 'commits.lag': 'copy behind, median', 'commits.lagMax': 'copy behind, at most', 'commits.lagAtCut': 'copy behind, when it broke',
  'switches.name': 'moves of the service\'s name', 'switches.database': 'moves of the database',
  'dns.authority': 'until the authorities moved', 'redundancy.restored.t0': 'redundant again, from T0', 'failback.early': 'served too early',
  'loss.acked': 'writes acknowledged', 'loss.stranded': 'lost, still on the old primary', 'loss.destroyed': 'lost, present nowhere', 'loss.afterCut.span': 'lost after the cut, over', 'loss.indeterminate': 'writes nobody knows of',
};

/** A measure in words; its name where it has none. */
export function wordsFor(measure: string): string {
  return headlines[measure] ?? others[measure] ?? measure;
}

/** A figure as people read it; `> 120.0 s` where it was cut short. */
export function sayFigure(figure: Seen | null, unit: Measure['unit']): string {
  return figure === null ? 'not measured' : `${figure.censored ? '> ' : ''}${withUnit(figure.value, unit)}`;
}

/** A change with its sign: `+56.1 s`, `−0.20 s`, `±0.0 s`. */
export function sayDelta(delta: number, unit: Measure['unit']): string {
  return `${delta > 0 ? '+' : delta < 0 ? '\u2212' : '\u00b1'}${withUnit(Math.abs(delta), unit)}`;
}

/** A p-value: three places, or `below 0.001`. */
export function sayP(p: number): string {
  return p < 0.001 ? 'below 0.001' : p.toFixed(3);
}
