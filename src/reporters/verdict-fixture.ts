import type { Finding, Measure, Verdict } from '../check.ts';

type Bounds = readonly [number, number] | null;

/** A measure for tests: seconds unless told otherwise. */
export function made(name: string, value: number | null, bounds: Bounds = null, more: Partial<Measure> = {}): Measure {
  return { name, value, low: bounds?.[0] ?? null, high: bounds?.[1] ?? null, unit: 's', censored: false, n: 1, ...more };
}

/** What could be found in the run of `drillHistory`; for tests of what is said, never of how it is judged. `lost`: as there. */
export function drillVerdict(lost = 0): Verdict {
  const writes = (name: string, value: number | null, more: Partial<Measure> = {}) => made(name, value, null, { unit: 'writes', n: 14_200, ...more });
  const loss: Finding = {
    check: 'rpo', kind: 'data-loss', ruling: lost > 0 ? 'fail' : 'pass',
    because: lost > 0 ? `${lost} acknowledged writes were lost after the cut, none before it.` : '0 lost of 14,200 acknowledged writes; 6,100 are indeterminate.',
    measures: [writes('loss.acked', 14_200), writes('loss.lost', lost), writes('loss.stranded', lost), writes('loss.destroyed', 0), writes('loss.recovered', 12), writes('loss.unresolved', 6_088), writes('loss.phantom', 0), writes('loss.duplicated', 0), writes('loss.stale', 0), made('loss.rpo', 0, [0, 0]), writes('loss.afterCut', lost), made('loss.afterCut.span', lost * 0.02, [lost * 0.02, lost * 0.02 + 0.02]), writes('loss.indeterminate', 6_100)],
  };
  return {
    ruling: lost > 0 ? 'fail' : 'pass',
    because: lost > 0 ? `Users were back after 88.4 s, but ${lost} acknowledged writes are lost.` : 'Users were back after 88.4 s (87.9-88.7) and nothing that was acknowledged is lost.',
    findings: [
      { check: 'fault proven', kind: 'gate', ruling: 'pass', because: 'lose primary was seen to bite by 3 independent looks, and to be gone after heal.', measures: [] },
      { check: 'control path', kind: 'gate', ruling: 'pass', because: 'All 928 looks at the control point were answered.', measures: [] },
      { check: 'healthy', kind: 'steady', ruling: 'pass', because: 'The front door answered 120 of 120 looks before anything was broken.', measures: [made('steady.ok', 100, null, { unit: '%', n: 120 })] },
      {
        check: 'rto', kind: 'failover-time', ruling: 'pass', because: 'Recovered after 88.4 s (87.9-88.7), at most 120 s were allowed.',
        measures: [made('failover.rto', 88.4, [87.9, 88.7]), made('failover.detect.dns', 36.4, [36.2, 36.5]), made('failover.detect.db', 4.3, [4.1, 4.3]), made('failover.promote', 5.9, [5.7, 6]), made('failover.outage.longest', 88.2, [87.9, 88.7]), made('stage.decide', 0.7, [0.7, 0.7]), made('stage.fence', null, null, { reason: 'not observed' })],
      },
      loss,
      {
        check: 'dns', kind: 'dns-convergence', ruling: 'pass', because: 'The critical resolver let go of the old answer after 51.3 s (51.0-51.5).',
        measures: [made('dns.authority', 37.05, [36.8, 37.1]), made('dns.convergence.p50', 51.25, [51, 51.5]), made('dns.convergence.p95', null, null, { reason: 'needs 20 resolvers, there is 1' }), made('dns.convergence.max', 51.25, [51, 51.5]), made('dns.violators', 1, null, { unit: 'resolvers', n: 2 })],
      },
      { check: 'way back', kind: 'fail-back', ruling: 'pass', because: 'Writes paused for 1.5 s (1.5-1.6) while the region was handed back.', measures: [made('failback.pause', 1.5, [1.48, 1.56]), made('redundancy.restored.t0', 134.1, [133.9, 134.2]), made('redundancy.restored.heal', 12.1, [12, 12.2])] },
    ],
  };
}
