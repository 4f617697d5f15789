import type { Finding, Measure } from '../check.ts';
import type { Report } from '../report.ts';
import { limitsOf } from './objectives.ts';
import { sayMeasure } from './say.ts';

// What each kind of check is asked for first; the rest stands in the report.
const first: Readonly<Record<string, readonly [measure: string, words: string, limit: string | null][]>> = {
  'failover-time': [['failover.rto', 'recovery time (RTO)', 'max'], ['failover.paced', 'as fast as before, after', 'maxPaced'], ['failover.outage.longest', 'longest outage', null]],
  'data-loss': [['loss.lost', 'writes lost, of all acknowledged', 'maxLost'], ['loss.rpo', 'RPO, before the cut', 'maxRpo'], ['loss.afterCut', 'lost after the cut', null], ['loss.degraded', 'acknowledged by one server alone', null]],
  'lost-updates': [['updates.reverted', 'updates taken away, of all acknowledged', 'maxReverted'], ['updates.conflicting', 'conflicting updates', 'maxConflicting']],
  'dns-convergence': [['dns.convergence.max', 'DNS convergence, slowest critical', 'max'], ['dns.violators', 'suspected of stretching TTLs', null]],
  'commits': [['commits.p99', 'commit, p99 before the break', 'maxP99'], ['commits.underway', 'commits under way when it broke', null], ['commits.lagAtCut', 'copy behind, when it broke', 'maxLag']],
  'switches': [['switches.name', 'moves of the service\'s name', 'maxName'], ['switches.database', 'moves of the database', 'maxDatabase']],
  'connections': [['connections.peak', 'new database connections, at most', 'maxPeak'], ['connections.refused', 'refused: too many', 'maxRefused']],
  switchover: [['switchover.pause', 'pause while switching over', 'maxPause']],
  'fail-back': [['failback.pause', 'pause while failing back', 'maxPause'], ['redundancy.restored.heal', 'redundant again, after heal', null]],
};

// Few drills ask for these: where they were not seen, the report says why.
const whereSeen: ReadonlySet<string> = new Set(['loss.degraded']);

/** A measure that people came for: in words, beside its objective where there is one; `ruling` with the first measure of each finding. */
export interface Headline { readonly words: string; readonly said: string; readonly limit: string; readonly ruling: Finding['ruling'] | null }

/** The measures that people came for, finding by finding. */
export function headlinesOf(report: Report): Headline[] {
  return report.verdict.findings.flatMap((finding) => {
    const limits = limitsOf(report.run, finding.check);
    return (first[finding.kind] ?? []).flatMap(([name, words, key], index): Headline[] => {
      const measure = finding.measures.find((one) => one.name === name);
      return measure && !(measure.value === null && whereSeen.has(name)) ? [{ words, said: saidOf(measure), limit: limits.find((one) => one.key === key)?.words ?? '', ruling: index === 0 ? finding.ruling : null }] : [];
    });
  });
}

function saidOf(measure: Measure): string {
  return measure.value === null ? `not measured${measure.reason === undefined ? '' : `: ${measure.reason}`}` : sayMeasure(measure);
}
