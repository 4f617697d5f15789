import type { Plan } from '../plan.ts';
import { isActiveActive } from '../topology.ts';
import type { Senses } from '../world.ts';
import { note, sayError, until, type Stage } from './stage.ts';

/** How long databases that follow each other are waited for in the end, in ms; what is not there by then is told as not there. */
const eachOtherMs = 60_000;

/** A census of every region, each an entry, also where it failed; true when all were read. */
export async function readEverything(stage: Stage): Promise<boolean> {
  let all = true;
  for (const { name } of stage.run.topology.regions) {
    const started = stage.world.clock.now();
    const sample = { kind: 'sample' as const, at: started, says: 'census' as const, probe: 'census', place: name, seq: 0, scheduled: started, started };
    try {
      const data = await (stage.world.from(name) as Senses).census(stage.interrupt);
      stage.record.add({ ...sample, ended: stage.world.clock.now(), ok: true, error: null, data });
    } catch (error) {
      stage.interrupt.throwIfAborted();
      stage.record.add({ ...sample, ended: stage.world.clock.now(), ok: false, error: sayError(error), data: null });
      all = false;
    }
  }
  return all;
}

/** Where both regions take writes, what each lacks of the other is read while it is still apart: once healed, nobody can tell. */
export async function readWhileApart(stage: Stage): Promise<void> {
  if (isActiveActive(stage.run.topology)) await readEverything(stage);
}

/** Where both regions take writes, what each wrote last is on its way to the other when the writers stop: waits until it is there, and until whoever looks at copies has seen it. */
export async function awaitEachOther(plan: Plan, stage: Stage): Promise<void> {
  if (!isActiveActive(plan.topology)) return;
  await awaitInStep(stage, eachOtherMs);
  await stage.world.clock.sleep(2 * Math.max(0, ...plan.probes.filter(({ kind }) => kind === 'copy').map(({ everyMs }) => everyMs)), stage.interrupt);
}

/** Waits until all copies hold the same, at most `limitMs`, and says so, or that they did not. `apartAt`: when they were last known to be apart, in ms. */
export async function awaitInStep(stage: Stage, limitMs: number, apartAt = stage.world.clock.now()): Promise<void> {
  let evidence: Readonly<Record<string, unknown>> = {};
  let inStep = false;
  const over = await until(stage, limitMs, async () => {
    const began = stage.world.clock.now();
    const seen = await stage.world.inStep(stage.interrupt).catch((error: unknown) => ({ inStep: false, evidence: { error: String(error) } }));
    // Between the last look that found the copies apart and the one that found them together.
    evidence = { ...seen.evidence, apartAt };
    if (!seen.inStep) apartAt = began;
    inStep = seen.inStep;
    return seen.inStep || ('settled' in seen && seen.settled === true);
  });
  if (inStep) stage.record.add({ kind: 'mark', at: stage.world.clock.now(), who: 'drill', what: 'redundant', subject: stage.run.topology.names.database, errorMs: 0, evidence });
  else note(stage, `${over ? 'the copies have all there is of each other, and do not hold the same' : `not redundant again within ${limitMs / 1000} s`}: ${JSON.stringify(evidence)}`);
}
