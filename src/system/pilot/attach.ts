import type { Database } from './config.ts';
import type { Link } from './dialect.ts';
import { acksOf, patienceMs, Refusal, sourceOf, until, within, type Pilot } from './pilot.ts';

const attachLimitMs = 15_000;
const catchUpLimitMs = 60_000;

/** Makes `replica` follow `primary`, waits until it has everything, and then, where the mode says so, lets commits wait for it. Rejects with what the replica says. */
export async function attach(pilot: Pilot, replica: Database, primary: Database, demoted: boolean): Promise<void> {
  await follow(pilot, replica, primary, demoted);
  await catchUp(pilot, replica, primary, catchUpLimitMs);
  await requireAcks(pilot, primary);
}

/** Makes `replica` follow `primary` and waits until it receives. Rejects with what the replica says. */
export async function follow(pilot: Pilot, replica: Database, primary: Database, demoted: boolean): Promise<void> {
  const { dialect, config } = pilot;
  await within(pilot, replica, async (session) => {
    await dialect.askForAcks(session, null); // nobody follows it, so what it applies would wait for ever
    await dialect.giveAcks(session, config.mode === 'semi-sync');
    await dialect.follow(session, sourceOf(pilot, primary), config, demoted);
    let steady = 0; // a source that cannot serve it accepts the connection first and refuses a moment later
    const receives = await until(async () => {
      const link = await dialect.link(session);
      refuseBroken(link, replica, primary);
      steady = link?.receiving && link.applying ? steady + 1 : 0;
      return steady >= 5 ? true : null;
    }, attachLimitMs);
    if (receives === null) throw new Error(`${replica.region} does not follow ${primary.region} after ${attachLimitMs} ms: ${sayLink(await dialect.link(session))}`);
  });
}

/** Waits until `replica` has applied what `primary` holds now. */
export async function catchUp(pilot: Pilot, replica: Database, primary: Database, limitMs: number): Promise<void> {
  const { position } = await within(pilot, primary, (session) => pilot.dialect.standing(session));
  await within(pilot, replica, async (session) => {
    const done = await until(async () => {
      if (await pilot.dialect.drain(session, position, 500)) return true;
      refuseBroken(await pilot.dialect.link(session), replica, primary);
      return null;
    }, limitMs);
    if (done === null) throw new Refusal(`${replica.region} has not caught up with ${primary.region} within ${limitMs} ms: ask again when it has`);
  });
}

function refuseBroken(link: Link | null, replica: Database, primary: Database): void {
  if (link?.broken) throw new Error(`${replica.region} cannot follow ${primary.region}: ${sayLink(link)}`);
}

function sayLink(link: Link | null): string {
  return link === null ? 'it follows nobody' : `${link.receivingState}${link.error ? `: ${link.error}` : ''}`;
}

/** Seals an attachment: lets commits wait for the replica where the mode says so, but only once one that acknowledges is attached: before that every write would hang. */
export async function requireAcks(pilot: Pilot, primary: Database): Promise<void> {
  const acks = acksOf(pilot.config);
  await within(pilot, primary, async (session) => {
    if (acks !== null) {
      const attached = await until(async () => ((await pilot.dialect.standing(session)).ackers > 0 ? true : null), patienceMs);
      if (attached === null) throw new Error(`no replica that acknowledges is attached to ${primary.region}`);
    }
    await pilot.dialect.askForAcks(session, acks);
    pilot.roles.reference = await pilot.dialect.standing(session);
  });
}
