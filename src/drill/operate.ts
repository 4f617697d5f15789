import type { Plan } from '../plan.ts';
import { primaryOf, standbyOf } from '../topology.ts';
import type { Step } from '../world.ts';
import { awaitInStep } from './copies.ts';
import { enter, note, sayError, until, type Stage } from './stage.ts';

/** The bounds of waiting, in ms; what is not there by then is told as not there. */
const patience = { redundancy: 120_000, return: 60_000 } as const;

/** The old primary becomes a copy of the new one. */
export async function rejoin(stage: Stage): Promise<void> {
  enter(stage, 'rejoin');
  const from = stage.world.clock.now();
  if (await operate(stage, 'rejoin')) await awaitInStep(stage, patience.redundancy, from);
}

/** The database's part moves to the other region, and users follow by their name. */
export async function move(plan: Plan, stage: Stage, step: 'switch over' | 'fail back'): Promise<void> {
  enter(stage, step);
  if (!await operate(stage, step)) return;
  const region = (step === 'fail back' ? primaryOf : standbyOf)(stage.run.topology).name;
  const latest = () => stage.record.entries.findLast((entry) => entry.kind === 'sample' && entry.says === 'http' && plan.client.probes.includes(entry.probe) && entry.ok);
  const served = await until(stage, patience.return + 2 * plan.topology.settings.dns.ttl, () => {
    const last = latest();
    return last?.kind === 'sample' && last.data !== null && 'servedBy' in last.data && last.data.servedBy === region;
  });
  if (!served) note(stage, `the reference client was not served by ${region} after the ${step.replace(' ', '-')}`);
  await stage.world.clock.sleep(Math.min(plan.stableMs, 10_000), stage.interrupt);
}

async function operate(stage: Stage, step: Step): Promise<boolean> {
  try {
    const { said, savedTo } = await stage.world.operate(step, stage.interrupt);
    note(stage, `${step}: ${said}${savedTo === undefined ? '' : ` (saved to ${savedTo})`}`);
    return true;
  } catch (error) {
    stage.interrupt.throwIfAborted();
    note(stage, `${step} was refused: ${sayError(error)}`);
    return false;
  }
}
