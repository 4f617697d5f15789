import type { Problem } from '../errors.ts';
import { isActiveActive, type Region, type Settings, type Topology } from '../topology.ts';
import type { Path } from './yaml-file.ts';

/** Either one region serves and one stands by, or two serve at once and each says how much of the traffic is its own. */
export function refuseParts(regions: Topology['regions'], refuse: (path: Path, message: string, hint: string) => void): void {
  const of = (role: Region['role']) => regions.filter((region) => region.role === role).length;
  if (of('active') === 0) for (const role of ['primary', 'standby'] as const) if (of(role) !== 1) refuse(['regions'], `${of(role)} regions are ${role}`, `exactly one region is ${role}`);
  if (of('active') > 0 && (of('active') !== 2 || regions.length !== 2)) refuse(['regions'], `${of('active')} of ${regions.length} regions are active`, 'two regions are active, and there is no other');
  regions.forEach(({ name, role, weight }, index) => {
    if ((role === 'active') !== (weight !== undefined)) refuse(['regions', index], `region "${name}" is ${role} and has ${weight === undefined ? 'no weight' : 'a weight'}`, 'an active region has a weight from 0 to 255 (as Route 53 has it), and no other region has one');
  });
  if (of('active') > 0 && regions.every(({ weight }) => weight === 0)) refuse(['regions'], 'every weight is 0', 'write a weight above 0 for at least one region');
}

/** What cannot be chosen where both regions are active, or only there. */
export function refuseChoices(regions: Topology['regions'], { database, failover }: Settings, refuse: (path: Path, message: string, hint: string) => Problem): Problem[] {
  const active = isActiveActive({ regions });
  if (!active) return failover.decide === 'nobody' ? [refuse(['failover', 'decide'], 'settings > failover > decide: nobody, and one region stands by', 'write automatic, manual or runbook; or make both regions active')] : [];
  return [
    ...(failover.decide === 'nobody' ? [] : [refuse(['failover', 'decide'], `settings > failover > decide: ${failover.decide}, and both regions are active`, 'write decide: nobody: each database takes writes already, so there is none to promote')]),
    ...(failover.witnesses.length === 0 ? [] : [refuse(['failover', 'witnesses'], 'settings > failover > witnesses, and both regions are active', 'leave them out: nobody is declared dead, so nobody is asked')]),
    ...(database.replication === 'async' ? [] : [refuse(['database', 'replication'], `settings > database > replication: ${database.replication}, and both regions are active`, 'write replication: async: databases that wait for each other cannot take writes when one is gone')]),
  ];
}
