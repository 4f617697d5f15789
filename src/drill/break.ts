import { sayBitten, sayLook, type Proof } from '../fault.ts';
import type { FaultState } from '../history.ts';
import type { BoundFault, Plan } from '../plan.ts';
import { look, type Sight } from './look.ts';
import { sayError, type Stage } from './stage.ts';
import type { Levers, Undo } from '../world.ts';

/** A fault whose pull has begun, and so may show in looks: in which, from when on, and until when at most (ms; `goneAt` is infinite until it was seen gone). */
interface Pulled { readonly shows: readonly Proof[]; readonly pulledAt: number; goneAt: number }

/** A fault that has been pulled, the looks that prove it, and what takes it back. */
export interface Held extends Pulled { readonly bound: BoundFault; readonly proofs: readonly Proof[]; readonly undo: readonly Undo[]; healed: boolean }

/** How long proofs may take to agree that a fault bites or is gone. */
const proveWithinMs = 8_000;
const goneWithinMs = 30_000;
/** The far side ends a pull by itself this long after the drill should have. */
const graceMs = 15_000;

/** Pulls the plan's faults on their times and holds each as long as the plan says; true when all were proven. `recovered` is asked with the start of the fault that users notice; `beforeHeal` is done before each is let go. */
export async function breakAndWatch(plan: Plan, stage: Stage, held: Held[], recovered: (since: number) => boolean, beforeHeal: () => Promise<void> = async () => {}): Promise<boolean> {
  const began = stage.world.clock.now();
  const main = plan.impact ?? plan.faults[0]?.name;
  let since = Number.POSITIVE_INFINITY;
  const pulls: Pulled[] = [];
  // All settle before any trouble goes on: a pull under way while the others are healed would be healed by nobody.
  const settled = await Promise.allSettled(plan.faults.map(async (bound) => {
    await stage.world.clock.sleep(Math.max(0, began + bound.atMs - stage.world.clock.now()), stage.interrupt);
    const pulled = stage.world.clock.now();
    if (bound.name === main) since = pulled;
    const mine = await pull(bound, plan, stage, held, pulls);
    if (!mine) return false;
    const end = pulled + (bound.until === 'recovered' ? bound.atMostMs : bound.until);
    while (stage.world.clock.now() < end && !(bound.until === 'recovered' && recovered(since))) {
      await stage.world.clock.sleep(Math.min(250, Math.max(1, end - stage.world.clock.now())), stage.interrupt);
    }
    await beforeHeal();
    if (bound.until !== 'recovered') await healAll(stage, [mine], held);
    return true;
  }));
  const trouble = settled.find((one) => one.status === 'rejected');
  if (trouble) throw trouble.reason;
  return settled.every((one) => one.status === 'fulfilled' && one.value);
}

async function pull(bound: BoundFault, plan: Plan, stage: Stage, held: Held[], pulls: Pulled[]): Promise<Held | null> {
  const all = bound.fault.proof(bound.params, plan.topology);
  // A look that another fault of this drill already spoils proves nothing about this one.
  const proofs = all.filter((proof) => !spoiled(proof, pulls));
  const before = await Promise.all(proofs.map((proof) => look(stage, proof)));
  const wrong = before.filter((seen) => seen.is !== 'ok');
  if (wrong.length > 0 || proofs.length === 0) {
    say(stage, bound, 'unproven', proofs.length === 0 ? ['another fault of this drill hides every sign of this one'] : [`not as it should be before anything was broken: ${wrong.map(saySeen).join('; ')}`]);
    return null;
  }
  say(stage, bound, 'injecting', before.map(saySeen));
  const begun: Pulled = { shows: all, pulledAt: stage.world.clock.now(), goneAt: Number.POSITIVE_INFINITY };
  pulls.push(begun);
  const forMs = (bound.until === 'recovered' ? bound.atMostMs : bound.until) + graceMs;
  const undo = await bound.fault.inject(stage.world.levers as Levers, bound.params, plan.topology, forMs).catch((error: unknown) => {
    say(stage, bound, 'failed', [sayError(error)]);
    throw error;
  });
  const mine: Held = Object.assign(begun, { bound, proofs, undo, healed: false });
  held.push(mine);
  say(stage, bound, 'injected', undo.map(({ record }) => `${record.lever} ${record.what}`));
  const others = () => pulls.filter((one) => one !== begun);
  const seen = await proveAll(stage, proofs, (sight) => sight.is === 'bitten' && !spoiled(sight.proof, others(), sight), proveWithinMs);
  const proven = seen.every((one) => one.held);
  const evidence = seen.map((one) => `${saySeen(one)}${one.held ? '' : ` (expected ${sayBitten(one.proof)})`}`);
  const bittenAt = Math.max(...seen.map((one, index) => bittenBy(one, before[index] as Sight)));
  stage.record.add({ kind: 'fault', at: stage.world.clock.now(), name: bound.name, state: proven ? 'proven' : 'unproven', evidence, ...(proven ? { bittenAt } : {}) });
  return proven ? mine : null;
}

/** When it bit at the latest (ms): a look that found it may have been on its way when it bit, but no longer than it took while all was well, for then it would have been answered. */
function bittenBy(seen: Sight, before: Sight): number {
  return Math.min(seen.ended, seen.started + (before.ended - before.started));
}

/** Heals what is held, last in first out, every undo tried even if another failed; then looks whether all is as before. Healed twice is healed once. */
export async function healAll(stage: Stage, held: readonly Held[], others: readonly Held[] = []): Promise<void> {
  const now = held.filter((one) => !one.healed).toReversed();
  for (const one of now) {
    one.healed = true;
    say(stage, one.bound, 'healing', []);
    const failures: string[] = [];
    for (const undo of one.undo.toReversed()) await undo.heal().catch((error: unknown) => { failures.push(sayError(error)); });
    say(stage, one.bound, failures.length === 0 ? 'healed' : 'failed', failures);
  }
  if (stage.interrupt.aborted) return; // no time for looks: the world is about to be taken down whole
  await Promise.all(now.map(async (one) => {
    const seen = await proveAll(stage, one.proofs.filter((proof) => !spoiled(proof, others.filter(({ healed }) => !healed))), (sight) => sight.is === 'ok', goneWithinMs);
    say(stage, one.bound, seen.every((sight) => sight.held) ? 'gone' : 'failed', seen.map(saySeen));
    if (seen.every((sight) => sight.held)) one.goneAt = stage.world.clock.now();
  }));
}

/** Whether another fault shows in the same look: one that was pulled before the look had ended, and was not gone when it began. One that is being healed may still bite. */
function spoiled(proof: Proof, pulls: readonly Pulled[], { started, ended }: Pick<Sight, 'started' | 'ended'> = { started: Number.MAX_VALUE, ended: Number.MAX_VALUE }): boolean {
  return pulls.some((one) => one.pulledAt < ended && one.goneAt > started && one.shows.some((other) => sayLook(other) === sayLook(proof)));
}

/** Looks again and again until each proof holds once or time is up; each keeps the first look that held, or else its last. */
async function proveAll(stage: Stage, proofs: readonly Proof[], holds: (sight: Sight) => boolean, withinMs: number): Promise<(Sight & { readonly held: boolean })[]> {
  const end = stage.world.clock.now() + withinMs;
  return Promise.all(proofs.map(async (proof) => {
    for (;;) {
      const sight = await look(stage, proof);
      const held = holds(sight);
      if (held || stage.world.clock.now() >= end) return { ...sight, held };
      await stage.world.clock.sleep(50);
    }
  }));
}

function saySeen(seen: Sight): string {
  return `${sayLook(seen.proof)}: ${seen.saw}`;
}

function say(stage: Stage, bound: BoundFault, state: FaultState, evidence: readonly string[]): void {
  stage.record.add({ kind: 'fault', at: stage.world.clock.now(), name: bound.name, state, evidence });
}
