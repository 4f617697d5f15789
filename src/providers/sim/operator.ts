import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { marks } from '../../history.ts';
import { positionOf, sayGtid, type Txn } from './gtid.ts';
import { askServer, type Pilot } from './pilot.ts';
import { follow, received } from './replication.ts';
import { arm, fence, show, type Server } from './server.ts';

/** A rebuild takes this long, and a little more a transaction; choices of this model. */
const rebuildMs = { atLeast: 2_000, aTransaction: 0.01 };
const catchUpMs = 30_000;

/** What the operator says when a step is done. */
export interface Said { readonly said: string; readonly savedTo?: string }

/** Makes the old primary a replica of the new one: what only it has is saved to a file first, and then it is built anew. Rejects with the reason. */
export async function rejoin(pilot: Pilot): Promise<Said> {
  if (!pilot.alone) throw new Error('nothing has to rejoin: no failover has happened since both copies were last attached');
  return busily(pilot, async () => {
    const { primary, standby, settings, log } = pilot;
    await askServer(pilot, standby, () => fence(standby));
    const errant = errantOf(standby, primary);
    const savedTo = errant.length === 0 ? undefined : save(pilot, errant);
    if (errant.length > 0) await rebuild(pilot);
    pilot.link = follow(pilot.net, primary, standby);
    await caughtUp(pilot);
    if (settings.database.replication === 'semi-sync') await askServer(pilot, primary, () => arm(primary));
    Object.assign(pilot, { alone: false, fenced: false, misses: 0 });
    const how = errant.length === 0 ? 'attached' : 'rebuilt';
    log('pilot', marks.rejoined, standby.region, { errant: errant.length, how, ...(savedTo === undefined ? {} : { savedTo }) });
    return { said: `${standby.region} follows ${primary.region} again (${how}, ${errant.length} errant)`, ...(savedTo === undefined ? {} : { savedTo }) };
  });
}

/** Runs one of the operator's steps with the pilot's own hands off. */
export async function busily<T>(pilot: Pilot, step: () => Promise<T>): Promise<T> {
  if (pilot.busy) throw new Error('the pilot is in the middle of something else: ask again when it is done');
  pilot.busy = true;
  try { return await step(); } finally { pilot.busy = false; }
}

// Both logs are one up to where the old primary went on alone.
function errantOf(old: Server, current: Server): readonly Txn[] {
  const parted = old.log.findIndex((txn, index) => current.log[index] !== txn);
  return parted < 0 ? [] : old.log.slice(parted);
}

function save(pilot: Pilot, errant: readonly Txn[]): string {
  const [first, last] = [errant[0] as Txn, errant.at(-1) as Txn];
  const file = join(pilot.evidenceDir, `errant-${pilot.standby.region}-${sayGtid(first)}-${sayGtid(last)}.sql`);
  const lines = errant.map((txn) => {
    return `${sayStatement(txn)} -- ${sayGtid(txn)}`;
  });
  // Written in one breath: no virtual time passes while the disk is waited for.
  mkdirSync(pilot.evidenceDir, { recursive: true });
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

function sayStatement({ write, set }: Txn): string {
  if (write) return `INSERT INTO orders (writer, number, attempt) VALUES ('${write.writer}', ${write.number}, ${write.attempt});`;
  return set ? `UPDATE registers SET value = '${set.lineage[0]}' WHERE name = '${set.update.group}' AND slot = ${set.update.slot};` : '-- the pilot\'s own row';
}

async function rebuild({ primary, standby, net }: Pilot): Promise<void> {
  await net.clock.inside.sleep(rebuildMs.atLeast + primary.log.length * rebuildMs.aTransaction);
  Object.assign(standby, { log: primary.log.slice(0, primary.visible), rows: new Map(), registers: new Map(), visible: 0 });
  show(standby, standby.log.length);
}

/** Waits until the replica is attached and has applied all that its source had when this was asked; rejects where that takes too long. */
export async function caughtUp({ link, net, standby }: Pilot, withinMs = catchUpMs): Promise<void> {
  const until = net.clock.now() + withinMs;
  const length = link.source.log.length;
  while (link.io !== 'yes' || received(link) - link.relay.length < length) {
    if (net.clock.now() > until) throw new Error(`${standby.region} does not catch up: its IO thread says ${link.io}, it stands at ${positionOf(standby) || 'the beginning'}`);
    await net.clock.inside.sleep(5);
  }
}
