import { marks } from '../../history.ts';
import { failOver } from './failover.ts';
import { answerMs, askServer, once, type Pilot } from './pilot.ts';
import { whenRunning } from './program.ts';
import { arm, fence } from './server.ts';
import { confirm } from './witnesses.ts';

/** Observes every `observe`, from a phase of its own, whatever became of the last look. */
export function observe(pilot: Pilot, inMs: number): void {
  pilot.net.clock.after(inMs, () => {
    observe(pilot, pilot.settings.failover.observe);
    const { program } = pilot;
    if (!program.running || program.frozen || pilot.busy) return;
    void look(pilot);
  });
}

async function look(pilot: Pilot): Promise<void> {
  const { primary, standby, settings, program } = pilot;
  if (pilot.alone && !pilot.fenced) void fenceLate(pilot);
  const limitMs = Math.min(settings.failover.observe, answerMs);
  const life = program.life;
  const [seen, replica] = await Promise.all([
    askServer(pilot, primary, () => { renew(pilot); return true; }, limitMs).catch(() => false),
    pilot.alone ? null : askServer(pilot, standby, () => silent(pilot), limitMs).catch(() => null),
  ]);
  if (primary !== pilot.primary || pilot.busy) return;
  whenRunning(program, life, () => decide(pilot, seen, replica));
}

function renew({ primary, settings: { failover }, net }: Pilot): void {
  if (failover.fence === 'lease') primary.leasedUntil = net.clock.now() + failover.lease;
}

// A model has no server that looks late, and no packet that is renewed without the pilot's knowledge: what it lent is over when it is over.
function leaseIsOver(pilot: Pilot): boolean {
  const { primary, settings: { failover }, net } = pilot;
  if (failover.fence !== 'lease') return true;
  const over = net.clock.now() >= primary.leasedUntil;
  once(pilot, over ? marks.leaseOver : marks.leaseAwaited, primary.region, {});
  return over;
}

/** How the IO thread fares, and how long it has received nothing. */
interface Silence { readonly io: string; readonly forMs: number }

function silent({ link, net }: Pilot): Silence {
  return { io: link.io, forMs: net.clock.now() - link.lastHeard };
}

// Dead takes both: the pilot cannot reach the primary, and the replica receives nothing from it. Either alone may be the observer's own trouble.
function decide(pilot: Pilot, seen: boolean, replica: Silence | null): void {
  const { settings, log, primary } = pilot;
  if (seen) {
    if (pilot.misses > 0) log('pilot', 'cleared', primary.region, { misses: pilot.misses });
    Object.assign(pilot, { misses: 0, askedAt: null });
    pilot.said.clear();
    openAgain(pilot);
    return;
  }
  pilot.misses += 1;
  if (pilot.misses === 1) log('pilot', marks.suspected, primary.region, { replica });
  const deaf = replica !== null && (replica.io !== 'yes' || replica.forMs > settings.database.netTimeout);
  if (pilot.misses < settings.failover.misses || !deaf) return;
  if (pilot.witnesses.length === 0) { bury(pilot, replica); return; }
  if (pilot.asking) return;
  pilot.asking = true;
  void confirm(pilot).then((dead) => {
    pilot.asking = false;
    if (dead) whenRunning(pilot.program, pilot.program.life, () => bury(pilot, replica));
  });
}

function bury(pilot: Pilot, replica: Silence | null): void {
  once(pilot, marks.declaredDead, pilot.primary.region, { misses: pilot.misses, replica });
  if (approved(pilot) && leaseIsOver(pilot)) void failOver(pilot);
}

// The person who is asked takes the time that the settings say.
function approved(pilot: Pilot): boolean {
  const { settings: { failover }, standby, net } = pilot;
  if (failover.decide === 'automatic') return true;
  pilot.askedAt ??= net.clock.now();
  once(pilot, marks.asked, standby.region, { answerInMs: failover.person });
  const waitedMs = net.clock.now() - pilot.askedAt;
  if (waitedMs < failover.person) return false;
  once(pilot, marks.approved, standby.region, { afterMs: waitedMs });
  return true;
}

// A server starts read-only and asynchronous: a primary that was only restarted is opened again, its commits waiting as before.
function openAgain({ primary, settings, alone, link }: Pilot): void {
  if (alone || !primary.readOnly) return;
  if (settings.database.replication === 'semi-sync' && link.io === 'yes') arm(primary);
  primary.readOnly = false;
}

async function fenceLate(pilot: Pilot): Promise<void> {
  const { standby } = pilot;
  try {
    await askServer(pilot, standby, () => fence(standby), answerMs);
  } catch { return; } // still out of reach: the next look tries again
  if (pilot.fenced || !pilot.alone || pilot.standby !== standby) return;
  pilot.fenced = true;
  pilot.log('pilot', marks.fenced, standby.region, { late: true });
}
