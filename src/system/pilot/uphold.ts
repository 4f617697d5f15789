import { log } from '../log.ts';
import type { Look } from './decide.ts';
import type { Standing } from './dialect.ts';
import { fence } from './fence.ts';
import { acksOf, within, type Pilot } from './pilot.ts';

const limitMs = 2_000;

/** Whether a server has lost something it was told at run time, as it does when it restarts. */
export function hasLapsed(pilot: Pilot, look: Look, earlier: Standing | null): boolean {
  const { standing } = look.primary;
  const link = look.replica?.link ?? null;
  const acks = acksOf(pilot.config) !== null;
  if (standing === null) return false;
  return link?.writable === true || (pilot.roles.heldBack && link?.receiving === false) || (acks && link?.givesAcks === false)
    || maySwitchAcksOn(pilot, look) || isStuck(pilot, look, earlier) || (!standing.writable && mayOpen(pilot, look));
}

/** Tells servers again what a restart made them forget: the replica refuses writes and acknowledges, commits wait for it, and only then a primary that came back read-only accepts writes. */
export async function uphold(pilot: Pilot, look: Look, earlier: Standing | null): Promise<void> {
  const { roles, dialect, config } = pilot;
  const { primary, replica } = roles;
  const link = look.replica?.link ?? null;
  const did: string[] = [];
  if (replica !== null && link !== null) {
    if (link.writable) { await fence(pilot, replica, limitMs); did.push('the replica refuses writes'); }
    await within(pilot, replica, async (session) => {
      if (roles.heldBack && !link.receiving) { await dialect.resumeReceiving(session); roles.heldBack = false; did.push('the replica receives again'); }
      if (acksOf(config) !== null && !link.givesAcks) { await dialect.giveAcks(session, true); did.push('the replica acknowledges'); }
    }, limitMs);
  }
  await within(pilot, primary, async (session) => {
    if (maySwitchAcksOn(pilot, look)) { await dialect.askForAcks(session, acksOf(config)); did.push('commits wait for the replica'); }
    const acks = acksOf(config);
    if (acks !== null && isStuck(pilot, look, earlier)) { await dialect.releaseWaiting(session, acks); did.push('commits whose acknowledgement was lost on the way went on: the replica has them'); }
    if (look.primary.standing?.writable === false && mayOpen(pilot, look)) { await dialect.openWrites(session); did.push('the primary accepts writes'); }
  }, limitMs);
  log('upheld', primary.region, { did });
}

// Without a replica that acknowledges, commits would hang, or wait for nothing where they may degrade.
function maySwitchAcksOn(pilot: Pilot, look: Look): boolean {
  const { standing } = look.primary;
  if (acksOf(pilot.config) === null || pilot.roles.replica === null || standing === null || standing.asksForAcks) return false;
  return standing.ackers > 0;
}

// Commits waited at two looks in a row with no other in between, though the replica is attached and has all of them.
function isStuck(pilot: Pilot, look: Look, earlier: Standing | null): boolean {
  const { standing } = look.primary;
  const link = look.replica?.link ?? null;
  return standing !== null && earlier !== null && link !== null && link.receiving && link.givesAcks && standing.ackers > 0
    && standing.waiting > 0 && earlier.waiting > 0 && standing.position === earlier.position && pilot.dialect.holds(link, standing.position);
}

// A primary whose commits must wait for the replica stays closed until they do; where they may degrade, it need not wait for a replica that is gone.
function mayOpen(pilot: Pilot, look: Look): boolean {
  if (acksOf(pilot.config) === null || pilot.roles.replica === null || pilot.config.degradeMs !== null) return true;
  return look.primary.standing?.asksForAcks === true || maySwitchAcksOn(pilot, look);
}
