import type { Fingerprint } from './history.ts';
import { hashOf, type Plan } from './plan.ts';
import type { About } from './world.ts';

/** Version of what the measures mean: raised whenever a number of an old run could not be set beside a new one's. */
export const metricsVersion = 1;

/** Versions of single measures whose definition changed while the rest stood still, by name; one that is not here is at 1. They are kept beside the hash: only these measures lose their past. */
export const redefined: Readonly<Record<string, number>> = {};

/** By what a run can later be set beside others; the machine is kept beside the hash, not in it. */
export function fingerprint({ hashes }: Pick<Plan, 'hashes'>, about: About): Fingerprint {
  const parts = { scenario: hashes.scenario, settings: hashes.settings, metrics: metricsVersion, versions: about.versions };
  return { hash: hashOf(parts), ...parts, machine: about.machine, ...(Object.keys(redefined).length === 0 ? {} : { redefined }) };
}
