import { marks, type Entry } from '../../history.ts';
import { addresses, regions } from '../histories.ts';

/** A step of a failover that the system itself tells of. */
export type Marked = 'unhealthy' | 'published service' | 'ejected' | 'sent elsewhere' | 'declared dead' | 'asked' | 'approved' | 'lease awaited' | 'lease over' | 'runbook began' | 'stopped' | 'drained' | 'promoted' | 'published database' | 'fenced';

/** The marks of a step that happened at `at`, told with an error of up to `errorMs` either way. */
export function markOf(moment: Marked, at: number, errorMs: number, random: () => number): Entry[] {
  const told = { kind: 'mark' as const, at: at + (2 * random() - 1) * errorMs, errorMs };
  const published = (address: string, ms: number): Entry => ({ ...told, at: ms, who: 'gslb', what: marks.published, subject: 'service.planted', evidence: { addresses: [address] } });
  switch (moment) {
    case 'unhealthy': return [{ ...told, who: 'gslb', what: marks.unhealthy, subject: regions.old, evidence: {} }];
    // A name that wavers has moved when it moved for the last time.
    case 'published service': return random() < 0.2
      ? [published(addresses[regions.taking], told.at - 150), published(addresses[regions.old], told.at - 60), published(addresses[regions.taking], told.at)]
      : [published(addresses[regions.taking], told.at)];
    case 'published database': return [{ ...told, who: 'pilot', what: marks.published, subject: 'database.planted', evidence: {} }];
    case 'ejected': return [{ ...told, who: 'mesh', what: marks.ejected, subject: `${regions.old}/app`, evidence: {} }];
    case 'sent elsewhere': return [{ ...told, who: 'mesh', what: marks.sendsUsers, subject: `${regions.taking}/app`, evidence: {} }];
    case 'declared dead': return [{ ...told, who: 'pilot', what: marks.declaredDead, subject: regions.old, evidence: {} }];
    default: return [{ ...told, who: 'pilot', what: moment, subject: regions.taking, evidence: {} }];
  }
}

/** Marks that are no part of the failover: of the days before the fault, and of the other region. */
export function strayMarks(cutMs: number, { unhealthy }: Readonly<Partial<Record<Marked, number>>>): Entry[] {
  const told = { kind: 'mark' as const, errorMs: 0, evidence: {} };
  return [
    { ...told, at: cutMs - 2_000, who: 'gslb', what: marks.unhealthy, subject: regions.old },
    { ...told, at: cutMs - 1_900, who: 'pilot', what: marks.declaredDead, subject: regions.old },
    { ...told, at: cutMs - 1_800, who: 'pilot', what: marks.promoted, subject: regions.taking },
    { ...told, at: (unhealthy ?? cutMs) - 100, who: 'gslb', what: marks.unhealthy, subject: regions.taking },
    { ...told, at: (unhealthy ?? cutMs) - 100, who: 'mesh', what: marks.ejected, subject: `${regions.taking}/app` },
  ];
}
