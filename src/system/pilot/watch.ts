import { log } from '../log.ts';
import { failOver, giveUp, type Attempt } from './act.ts';
import { blank, decide, type Look, type Memory, type Verdict } from './decide.ts';
import { keepFenced } from './fence.ts';
import { look } from './observe.ts';
import { because, exclusively, type Pilot } from './pilot.ts';
import { publish } from './publish.ts';
import { hasLapsed, uphold } from './uphold.ts';
import { confirm } from './witnesses.ts';

/** What the watch knows at the moment. */
export interface Watch { memory: Memory; verdict: Verdict | null; attempt: Attempt; term: number; /** Witnesses are being asked. */ asking: boolean }

/** Looks every `observeMs`, whatever earlier looks do, and acts on what it finds; returns what it knows, and its stop. */
export function watch(pilot: Pilot): { readonly known: Watch; stop(): void } {
  const known: Watch = { memory: blank, verdict: null, attempt: newAttempt(), term: pilot.roles.term, asking: false };
  const looking = every(pilot.config.observeMs, async () => {
    if (!pilot.roles.arranged) return;
    const { term, replica } = pilot.roles;
    const found = await look(pilot);
    if (pilot.roles.term === term && pilot.roles.replica === replica) await weigh(pilot, known, found);
  });
  let fencing = false; // one attempt at a time: a black hole takes each to its limit
  const keeping = every(pilot.config.observeMs, async () => {
    if (fencing || pilot.roles.busy !== null) return;
    fencing = true;
    await keepFenced(pilot).finally(() => { fencing = false; });
  });
  return { known, stop: () => { looking(); keeping(); } };
}

function newAttempt(): Attempt {
  return { said: new Set(), askedAt: null, gaveUp: null, received: null };
}

async function weigh(pilot: Pilot, known: Watch, found: Look): Promise<void> {
  const { roles, config } = pilot;
  if (known.term !== roles.term) Object.assign(known, { memory: blank, attempt: newAttempt(), term: roles.term });
  known.memory = { ...known.memory, standing: known.memory.standing ?? roles.reference };
  const { misses: before, standing: earlier } = known.memory;
  const { memory, verdict: own } = decide(known.memory, found, config);
  Object.assign(known, { memory, verdict: own });
  const { region } = roles.primary;
  if (before === 0 && memory.misses > 0) log('suspected', region, { error: found.primary.error });
  if (before > 0 && memory.misses === 0) { log('cleared', region, { misses: before }); known.attempt = newAttempt(); }
  if (roles.busy !== null) return;
  const verdict = own.is === 'dead' ? await witnessed(pilot, known, own) : own;
  if (verdict === null || roles.busy !== null) return;
  if (verdict.is === 'unknown') giveUp(known.attempt, roles.replica?.region ?? region, String(verdict.evidence['because']));
  if (verdict.is === 'dead') await exclusively(pilot, 'failover', () => failOver(pilot, memory, verdict.evidence, known.attempt));
  if (verdict.is === 'well') await tend(pilot, found, earlier);
}

/** What witnesses make of a verdict of death, said once in a row of misses; null while they are still being asked, and where the primary was seen meanwhile. */
async function witnessed(pilot: Pilot, known: Watch, own: Verdict): Promise<Verdict | null> {
  const { attempt } = known;
  const { term, primary: { region } } = pilot.roles;
  if (known.asking) return null;
  known.asking = true;
  const verdict = await confirm(pilot, region, own).finally(() => { known.asking = false; });
  if (pilot.roles.term !== term || known.attempt !== attempt || known.memory.misses === 0) return null;
  known.verdict = verdict;
  if ((verdict.is === 'outvoted' || verdict.is === 'no quorum') && !attempt.said.has(verdict.is)) log(verdict.is, region, verdict.evidence);
  attempt.said.add(verdict.is);
  return verdict;
}

async function tend(pilot: Pilot, found: Look, earlier: Memory['standing']): Promise<void> {
  if (hasLapsed(pilot, found, earlier)) await exclusively(pilot, 'upkeep', () => uphold(pilot, found, earlier));
  else if (pilot.roles.published !== pilot.roles.primary.region) await exclusively(pilot, 'publishing', () => publish(pilot));
}

/** Ticks at fixed times; a tick that fails is told and does not end the watch. Returns its stop. */
export function every(intervalMs: number, act: () => Promise<void>): () => void {
  const first = performance.now();
  let k = 0;
  let timer: NodeJS.Timeout;
  const tick = () => {
    act().catch((error: unknown) => { log('trouble', 'pilot', { because: because(error) }); });
    k = Math.max(k + 1, Math.ceil((performance.now() - first) / intervalMs));
    timer = setTimeout(tick, Math.max(0, first + k * intervalMs - performance.now()));
  };
  timer = setTimeout(tick, 0);
  return () => clearTimeout(timer);
}
