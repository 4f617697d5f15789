import { breakAndWatch, healAll, type Held } from './drill/break.ts';
import { awaitEachOther, readEverything, readWhileApart } from './drill/copies.ts';
import { move, rejoin } from './drill/operate.ts';
import { markOf, marks, type Entry, type History, type Status } from './history.ts';
import { recoveredAt } from './judge/outage.ts';
import type { Plan } from './plan.ts';
import { enter, note, sayError, until, type Stage } from './drill/stage.ts';

/** The bounds of waiting, in ms; what is not there by then is told as not there. */
const patience = { start: 60_000, fence: 15_000 } as const;

/** Runs a plan in an open world. Whatever happens, everything broken is healed before it returns; trouble during a run is history, not an exception. */
export async function drill(plan: Plan, stage: Stage): Promise<History> {
  const held: Held[] = [];
  let status: Status = 'aborted';
  try {
    stage.world.marks((mark) => stage.record.add(mark));
    const watching = await stage.world.watch(plan.probes, (entry) => stage.record.add(entry));
    try {
      status = await goThrough(plan, stage, held, watching.stop);
    } finally {
      await healAll(stage, held);
      await watching.stop();
    }
  } catch (error) {
    status = stage.interrupt.aborted ? 'interrupted' : 'aborted';
    note(stage, stage.interrupt.aborted ? 'interrupted: everything broken was healed' : `the drill could not go on: ${sayError(error)}`);
  }
  stage.record.add({ kind: 'phase', at: stage.world.clock.now(), phase: 'done', status });
  return { run: stage.run, entries: stage.record.entries, status };
}

async function goThrough(plan: Plan, stage: Stage, held: Held[], stop: (probes?: readonly string[]) => Promise<void>): Promise<Status> {
  const { world, interrupt } = stage;
  enter(stage, 'stabilise');
  await until(stage, patience.start, () => goodFor(plan, stage, 2_000));
  enter(stage, 'baseline');
  await world.clock.sleep(plan.baselineMs, interrupt);
  const shut = plan.gates.map((gate) => ({ name: gate.name, ...gate.check.judge(snapshot(stage), gate.objective) })).filter((finding) => finding.ruling !== 'pass');
  if (shut.length > 0) {
    note(stage, `nothing was broken: ${shut.map((gate) => `${gate.name}: ${gate.because}`).join('; ')}`);
    return 'aborted';
  }
  enter(stage, 'break');
  const bit = plan.faults.length === 0 ? (await world.clock.sleep(plan.stableMs, interrupt), true) : await breakAndWatch(plan, stage, held, recoveryOf(plan, stage), () => readWhileApart(stage));
  enter(stage, 'heal');
  await healAll(stage, held);
  if (!bit) return 'completed';
  if (plan.then.includes('switch over')) await move(plan, stage, 'switch over');
  const evidence = plan.faults.length === 0 || await afterHeal(plan, stage);
  if (plan.then.includes('rejoin') && evidence) await rejoin(stage);
  if (plan.then.includes('fail back')) await move(plan, stage, 'fail back');
  enter(stage, 'quiesce');
  await stop(plan.probes.filter((probe) => ['ledger', 'direct', 'registers'].includes(probe.kind)).map((probe) => probe.name));
  await awaitEachOther(plan, stage);
  await stop();
  enter(stage, 'reconcile');
  await readEverything(stage);
  return 'completed';
}

/** What happens at heal is watched for as long as recovery was; the old primary is read before anything rejoins, for that destroys the evidence. */
async function afterHeal(plan: Plan, stage: Stage): Promise<boolean> {
  const promoted = markOf(snapshot(stage), marks.promoted) !== undefined;
  const healed = stage.world.clock.now();
  if (promoted) await until(stage, patience.fence, () => markOf(snapshot(stage), marks.fenced, { since: healed - 2_000 }) !== undefined);
  await stage.world.clock.sleep(Math.min(plan.stableMs, 10_000), stage.interrupt);
  if (await readEverything(stage) || await readEverything(stage)) return true;
  note(stage, 'nothing was asked to rejoin: a server could not be read, and a rejoin may destroy what only it has');
  return false;
}

/** The reference client has been served for the whole window, and the look after its last is in: the judge must find the window ended before the heal. */
function recoveryOf(plan: Plan, stage: Stage): (since: number) => boolean {
  const longest = Math.max(...plan.probes.filter((probe) => plan.client.probes.includes(probe.name)).map((probe) => probe.everyMs));
  // Asked several times a second over a history that grows: only what tells of the client is kept, and each entry is looked at once.
  const telling: Entry[] = [];
  let seen = 0;
  let lastBad = Number.NEGATIVE_INFINITY;
  return (since) => {
    for (; seen < stage.record.entries.length; seen += 1) {
      const entry = stage.record.entries[seen] as Entry;
      if (entry.kind === 'sample' && !plan.client.probes.includes(entry.probe)) continue;
      telling.push(entry);
      if (entry.kind === 'sample' && !entry.ok) lastBad = Math.max(lastBad, entry.started);
    }
    if (stage.world.clock.now() < lastBad + plan.stableMs) return false;
    const at = recoveredAt({ ...snapshot(stage), entries: telling }, since);
    return at !== null && stage.world.clock.now() >= at + plan.stableMs + 2 * longest;
  };
}

/** The reference client has had nothing but good looks for the last `ms`. */
function goodFor(plan: Plan, stage: Stage, ms: number): boolean {
  const now = stage.world.clock.now();
  return plan.client.probes.every((probe) => {
    const recent = stage.record.entries.filter((entry) => entry.kind === 'sample' && entry.probe === probe && entry.started >= now - ms);
    return now >= ms && recent.length > 0 && recent.every((entry) => entry.kind === 'sample' && entry.ok);
  });
}

function snapshot(stage: Stage): History {
  return { run: stage.run, entries: stage.record.entries, status: 'completed' };
}
