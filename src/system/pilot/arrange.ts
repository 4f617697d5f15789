import { log } from '../log.ts';
import { tryWrite } from './act.ts';
import { attach } from './attach.ts';
import type { Database } from './config.ts';
import { fence } from './fence.ts';
import { because, patienceMs, Refusal, within, type Pilot } from './pilot.ts';
import { publish } from './publish.ts';

/** Brings the pair into the configured shape: the standby follows and acknowledges, then the primary takes writes and its name is published. Refuses to touch a pair that has changed roles or contradicts the configuration. */
export async function arrange(pilot: Pilot): Promise<{ said: string }> {
  const { roles, dialect, config } = pilot;
  const { primary, replica } = roles;
  if (roles.expelled !== null || replica === null) throw new Refusal(`the roles have changed, ${primary.region} is the primary now: ask POST /rejoin, then POST /fail-back`);
  await refuseContradiction(pilot, primary, replica);
  await fence(pilot, replica, patienceMs);
  await within(pilot, primary, async (session) => {
    await dialect.askForAcks(session, null);
    await dialect.prepare(session, config.schema, config.mode === 'semi-sync');
  });
  await attach(pilot, replica, primary, false);
  await within(pilot, primary, (session) => dialect.openWrites(session));
  const position = await tryWrite(pilot, primary);
  if (!(await publish(pilot))) throw new Refusal(`the database's name could not be published: start the load balancer at ${config.gslb.host}:${config.gslb.port} and ask again`);
  roles.arranged = true;
  const acks = config.mode === 'async' ? 'asynchronous' : `semi-synchronous, ${config.waitPoint}, ${config.degradeMs === null ? 'never degrades' : `degrades after ${config.degradeMs} ms`}`;
  log('arranged', primary.region, { replica: replica.region, replication: acks, position });
  return { said: `${primary.region} is the primary, ${replica.region} follows it (${acks})` };
}

async function refuseContradiction(pilot: Pilot, primary: Database, replica: Database): Promise<void> {
  try {
    await within(pilot, primary, (here) => within(pilot, replica, async (there) => {
      if (await pilot.dialect.link(here)) throw new Refusal(`${primary.region} is to be the primary but follows another server: reset its replication, or swap the roles in the configuration`);
      const errant = await pilot.dialect.errant(there, here);
      if (errant.count > 0) throw new Refusal(`${replica.region} is to follow ${primary.region} but has ${errant.count} transactions that it lacks (${errant.range}): is it the primary by now? Swap the roles in the configuration, or empty it`);
    }));
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(`both databases must answer before they can be arranged: ${because(error)}`);
  }
}
