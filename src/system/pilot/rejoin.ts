import { join } from 'node:path';
import { log } from '../log.ts';
import { catchUp, follow, requireAcks } from './attach.ts';
import type { Database } from './config.ts';
import type { Errant } from './dialect.ts';
import { fence } from './fence.ts';
import { because, loginOf, patienceMs, Refusal, within, type Pilot } from './pilot.ts';

// How long the returned region may take to apply what it missed.
const copyLimitMs = 300_000;

/** How a rejoin went: what was found, and what was done about it. */
export interface Rejoined { readonly said: string; readonly errant: number; readonly how: 'attached' | 'rebuilt'; readonly savedTo?: string }

/** Makes the expelled primary a replica of the new one: attached where it has nothing of its own, else rebuilt from a copy after its own transactions were saved to a file. */
export async function rejoin(pilot: Pilot): Promise<Rejoined> {
  const { roles } = pilot;
  const { expelled: old, primary } = roles;
  if (old === null) throw new Refusal('no region waits to rejoin: both databases are in place, see GET /state');
  const errant = await compare(pilot, old, primary);
  let how: Rejoined['how'] = 'attached';
  let savedTo: string | undefined;
  if (errant.count > 0) savedTo = await save(pilot, old, errant);
  if (errant.count > 0 || errant.empty || !(await attaches(pilot, old, primary))) {
    how = 'rebuilt';
    const position = await pilot.dialect.rebuild(loginOf(pilot, old), loginOf(pilot, primary));
    log('rebuilt', old.region, { from: primary.region, position });
    await follow(pilot, old, primary, false);
    await catchUp(pilot, old, primary, copyLimitMs);
  }
  await requireAcks(pilot, primary);
  Object.assign(roles, { replica: old, expelled: null, fenced: false });
  log('rejoined', old.region, { errant: errant.count, how, savedTo: savedTo ?? null, follows: primary.region });
  const saved = savedTo === undefined ? '' : `; its ${errant.count} transactions of its own were saved to ${savedTo} first`;
  return { said: `${old.region} follows ${primary.region}, ${how}${saved}`, errant: errant.count, how, ...(savedTo === undefined ? {} : { savedTo }) };
}

async function compare(pilot: Pilot, old: Database, primary: Database): Promise<Errant & { readonly empty: boolean }> {
  try {
    await fence(pilot, old, patienceMs); // what it has must stop growing before it is compared
    return await within(pilot, old, (there) => within(pilot, primary, async (here) => ({
      ...(await pilot.dialect.errant(there, here)),
      empty: (await pilot.dialect.standing(there)).position === '',
    })));
  } catch (error) {
    throw new Refusal(`${old.region} and ${primary.region} must both answer before ${old.region} can rejoin: ${because(error)}. Heal the way to them and ask again`);
  }
}

async function save(pilot: Pilot, old: Database, errant: Errant): Promise<string> {
  const path = join(pilot.config.evidenceDir, `errant-${old.region}-${errant.range}.sql`);
  const count = await pilot.dialect.saveErrant(loginOf(pilot, old), errant, path);
  if (count !== errant.count) throw new Refusal(`${old.region} has ${errant.count} transactions of its own but ${count} were found in its log (saved to ${path}): nothing was changed; look at them before asking again`);
  log('errant saved', old.region, { errant: count, range: errant.range, savedTo: path });
  return path;
}

// The new primary may have thrown away the logs it would need: then only a copy helps.
async function attaches(pilot: Pilot, old: Database, primary: Database): Promise<boolean> {
  try {
    await follow(pilot, old, primary, true);
    await catchUp(pilot, old, primary, copyLimitMs);
    return true;
  } catch (error) {
    if (error instanceof Refusal) throw error; // merely slow
    log('attach failed', old.region, { because: because(error) });
    return false;
  }
}
