import type { Measure } from '../check.ts';
import type { Outcome } from '../outcome.ts';

/** What one run of a made-up series measured; anything left out was not. */
export interface Made { readonly rto?: number | null; readonly over?: number; readonly lost?: number | null; readonly dns?: number | null; readonly detect?: number }

/** Made-up outcomes for tests, one for each entry; `more` overrides what all of them have. */
export function outcomes(name: string, made: readonly Made[], more: Partial<Outcome> = {}): Outcome[] {
  return made.map((one, index) => ({
    schema: 1, id: `${name}-${index + 1}`, scenario: 'smoke', title: 'Lose the primary region', world: 'sim', startedAt: `2026-11-${String(index + 1).padStart(2, '0')}T03:00:00.000Z`, status: 'completed', ruling: 'pass', because: 'All went well.', invalid: null,
    fingerprint: { hash: 'f0', scenario: 's0', settings: 'c0', metrics: 1, versions: { mariadb: '10.11.6', node: 'v24.1.0' }, machine: { cpus: 2, arch: 'x64' } },
    settings: { 'dns.interval': '10s', 'database.replication': 'semi-sync' }, everyMs: 250, measures: measuresOf(one), slowest: 'stage.detect.dns', ...more,
  }));
}

function measuresOf({ rto, over, lost, dns, detect }: Made): Measure[] {
  const made = (name: string, unit: Measure['unit'], value: number | null | undefined, censored = false): Measure[] => (value === undefined ? [] : [{
    name, unit, value, low: value === null ? null : unit === 's' ? value - 0.1 : value, high: value === null || censored ? null : unit === 's' ? value + 0.1 : value, censored, n: 1, ...(value === null ? { reason: 'not observed' } : {}),
  }]);
  return [...made('failover.rto', 's', over ?? rto, over !== undefined), ...made('stage.detect.dns', 's', detect), ...made('loss.lost', 'writes', lost), ...made('dns.convergence.max', 's', dns)];
}
