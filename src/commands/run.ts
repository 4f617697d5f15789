import { access, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { addToAnnals } from '../annals.ts';
import { catalogue } from '../catalogue.ts';
import { ledgerLines } from '../checks/ledger-lines.ts';
import { describeRun } from '../drill/describe-run.ts';
import { makeReady } from '../doctor.ts';
import { drill } from '../drill.ts';
import { DrillError, exits } from '../errors.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Entry, History, Run } from '../history.ts';
import { judge } from '../judge.ts';
import { outcomeOf } from '../outcome.ts';
import { planFile, type Plan } from '../plan.ts';
import { openRecord, writeRun } from '../record.ts';
import { makeReport, publish } from '../report.ts';
import { openTerminal, type Terminal } from '../reporters/terminal.ts';
import { findRevision } from '../revision.ts';
import type { Provider, World } from '../world.ts';
import { chooseProvider, refusalOf } from './choose.ts';
import type { Invocation } from './invocation.ts';
import { writeLines } from './lines.ts';
import { runSeries } from './series.ts';

/** `regionfall run <scenario>`: from a scenario to a report, or to a series of them; the exit status of the verdict, of a series the gravest one. */
export async function run(call: Invocation): Promise<number> {
  const scenario = call.one('scenario');
  const { provider, because } = await chooseProvider(call.options.on, (world) => refusalOf(() => planFile(scenario, catalogue, world, call.options.chosen)));
  const plan = await planFile(scenario, catalogue, provider, call.options.chosen);
  call.say(`${plan.scenario}: ${plan.title} — on ${provider.name}, ${because}${plan.set.length === 0 ? '' : `; with ${plan.set.join(', ')}`}`);
  await makeReady(provider, call.options.yes, call.say, plan.probes, plan.topology);
  for (const swept of await provider.sweep()) call.say(`swept, left by a harness that is gone: ${swept}`);
  const revision = await findRevision();
  const named = { ...(call.options.label === undefined ? {} : { label: call.options.label }), ...(revision === undefined ? {} : { revision }) };
  const perform = async (one: Plan, folder: { readonly in: string; readonly name: string }, turn: Pick<Run, 'series'>) => runOnce(one, provider, folder, { ...named, ...turn }, call);
  if ((call.options.repeat ?? plan.repeat ?? 1) > 1 || call.options.series !== undefined) return runSeries(plan, provider, perform, call);
  const when = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  return perform(plan, { in: resolve(call.options.out), name: `${when}-${plan.scenario}-${provider.name}` }, {});
}

/** One run, in a new folder of that name, or one much like it. */
async function runOnce(plan: Plan, provider: Provider, folder: { readonly in: string; readonly name: string }, about: About, call: Invocation): Promise<number> {
  const place = await makeFolder(folder, provider);
  const terminal = openTerminal(plan, call.terminal);
  const ended = await perform(plan, provider, place, { terminal, about, call }).then((history) => ({ history }), (error: unknown) => ({ error }));
  const left = await provider.leftovers(place.id);
  for (const leftover of left) call.say(`left behind: ${leftover}\n    hint: regionfall sweep`);
  if ('error' in ended) {
    if (left.length === 0 || call.interrupt.aborted) throw ended.error;
    throw new DrillError('leftBehind', { message: `${ended.error instanceof Error ? ended.error.message : String(ended.error)}; and something was left behind`, hint: 'regionfall sweep' }, { cause: ended.error });
  }
  const verdict = judge(plan.checks, ended.history);
  const report = makeReport(ended.history, verdict);
  await publish(catalogue.reporters, report, ended.history, place.dir);
  await writeLines(join(place.dir, 'ledger.jsonl'), ledgerLines(ended.history));
  terminal.close(report, place.dir);
  if (ended.history.status === 'interrupted') return exits.interrupted;
  await addToAnnals(resolve(call.options.out), outcomeOf(report));
  return left.length > 0 ? exits.leftBehind : exits[verdict.ruling === 'fail' ? 'missed' : verdict.ruling];
}

interface Folder { readonly id: string; readonly dir: string }
type About = Pick<Run, 'series' | 'label' | 'revision'>;

/** Opens the world, runs the plan in it, and takes the world down whatever happened. */
async function perform(plan: Plan, provider: Provider, place: Folder, { terminal, about, call }: { readonly terminal: Terminal; readonly about: About; readonly call: Invocation }): Promise<History> {
  const startedAt = new Date().toISOString();
  const world = await provider.open(plan.topology, { ...place, endsWithinMs: plan.endsWithinMs, keep: call.options.keep === true }, (line) => terminal.opening(line), call.interrupt).catch((error: unknown) => {
    if (call.interrupt.aborted) throw new DrillError('interrupted', { message: 'interrupted while the world was being opened: it was taken down' });
    throw error;
  });
  await using closing = closeOnce(world);
  const description = describeRun(plan, world, { id: place.id, startedAt, fingerprint: fingerprint(plan, world.about), ...about });
  await writeRun(place.dir, description);
  const record = await openRecord(place.dir, (entry: Entry) => terminal.see(entry));
  const history = await drill(plan, { world, run: description, record, interrupt: call.interrupt });
  // The system may still be saying things: the world goes first, then nothing more can be added to the record.
  await closing.close();
  await record.close();
  return history;
}

/** A world that is closed once, by whoever comes first. */
function closeOnce(world: World) {
  let closing: PromiseLike<void> | undefined;
  const close = () => (closing ??= world[Symbol.asyncDispose]());
  return { close, [Symbol.asyncDispose]: async () => close() };
}

/** A new folder for the run; a second run of that name gets a number of its own. */
async function makeFolder({ in: out, name }: { readonly in: string; readonly name: string }, provider: Provider): Promise<Folder> {
  for (let count = 1; ; count++) {
    const id = `${name}${count === 1 ? '' : `-${count}`}`;
    const dir = join(out, id);
    // A run of the same second, in this folder or another: its world goes by the same name.
    if (await access(dir).then(() => true, () => false) || (await provider.leftovers(id)).length > 0) continue;
    await mkdir(dir, { recursive: true }).catch((cause: unknown) => {
      throw new DrillError('notReady', { message: `no report can be written in ${out}: ${cause instanceof Error ? cause.message : String(cause)}`, hint: 'choose another folder with --out' }, { cause });
    });
    return { id, dir };
  }
}
