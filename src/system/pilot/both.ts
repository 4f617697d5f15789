import { log } from '../log.ts';
import { follow } from './attach.ts';
import type { Database } from './config.ts';
import { because, within, type Pilot } from './pilot.ts';
import { every } from './watch.ts';

const limitMs = 1_000;

/** What was last known of one database: whether it could be asked, and why it no longer takes what the other wrote, if it has said so. */
interface Known { missed: boolean; broken: string | null }

/** Makes two databases follow each other and lets both take writes. */
export async function arrangeBoth(pilot: Pilot): Promise<{ said: string }> {
  const [one, other] = pilot.config.databases as [Database, Database];
  await Promise.all([follow(pilot, one, other, false), follow(pilot, other, one, false)]);
  await Promise.all([one, other].map((database) => within(pilot, database, (session) => pilot.dialect.openWrites(session))));
  pilot.roles.arranged = true;
  log('arranged', one.region, { beside: other.region, replication: 'asynchronous, both ways' });
  return { said: `${one.region} and ${other.region} take writes, and each follows the other` };
}

/** Looks at both every `observeMs`: one that was started again takes writes again, and what it does not apply is told. Nothing else is ever done, whoever is gone. Returns its stop. */
export function keepBoth(pilot: Pilot): () => void {
  const known = new Map(pilot.config.databases.map(({ region }): [string, Known] => [region, { missed: false, broken: null }]));
  return every(pilot.config.observeMs, async () => {
    if (!pilot.roles.arranged) return;
    await Promise.all(pilot.config.databases.map((database) => keep(pilot, database, known.get(database.region) as Known)));
  });
}

async function keep(pilot: Pilot, database: Database, known: Known): Promise<void> {
  const { region } = database;
  try {
    const link = await within(pilot, database, async (session) => {
      const { writable } = await pilot.dialect.standing(session);
      if (!writable) { await pilot.dialect.openWrites(session); log('upheld', region, { did: ['it accepts writes'] }); }
      return pilot.dialect.link(session);
    }, Math.min(pilot.config.observeMs, limitMs));
    if (known.missed) log('cleared', region);
    known.missed = false;
    const broken = link?.broken ? link.error ?? 'it says no reason' : null;
    if (broken !== known.broken) log(broken === null ? 'replication mended' : 'replication broken', region, broken === null ? {} : { because: broken });
    known.broken = broken;
  } catch (error) {
    if (!known.missed) log('suspected', region, { error: because(error) });
    known.missed = true;
  }
}
