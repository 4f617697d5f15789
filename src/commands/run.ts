import { access, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { catalogue } from '../catalogue.ts';
import { ledgerLines } from '../checks/ledger-lines.ts';
import { describeRun } from '../drill/describe-run.ts';
import { makeReady } from '../doctor.ts';
import { drill } from '../drill.ts';
import { DrillError, exits } from '../errors.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Entry, History } from '../history.ts';
import { judge } from '../judge.ts';
import { planFile, type Plan } from '../plan.ts';
import { openRecord, writeRun } from '../record.ts';
import { makeReport, publish } from '../report.ts';
import { openTerminal, type Terminal } from '../reporters/terminal.ts';
import type { Provider, World } from '../world.ts';
import { chooseProvider } from './choose.ts';
import type { Invocation } from './invocation.ts';
import { writeLines } from './lines.ts';

/** `regionfall run <scenario>`: from a scenario to a report; the exit status of its verdict. */
export async function run(call: Invocation): Promise<number> {
  const { provider, because } = await chooseProvider(call.options.on);
  const plan = await planFile(call.one('scenario'), catalogue, provider);
  call.say(`${plan.scenario}: ${plan.title} — on ${provider.name}, ${because}`);
  await makeReady(provider, call.options.yes, call.say);
  for (const swept of await provider.sweep()) call.say(`swept, left by a harness that is gone: ${swept}`);

  const place = await makeFolder(resolve(call.options.out), plan, provider);
  const terminal = openTerminal(plan, call.terminal);
  const ended = await perform(plan, provider, place, terminal, call).then((history) => ({ history }), (error: unknown) => ({ error }));
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
  return left.length > 0 ? exits.leftBehind : exits[verdict.ruling === 'fail' ? 'missed' : verdict.ruling];
}

interface Folder { readonly id: string; readonly dir: string }

/** Opens the world, runs the plan in it, and takes the world down whatever happened. */
async function perform(plan: Plan, provider: Provider, place: Folder, terminal: Terminal, call: Invocation): Promise<History> {
  const startedAt = new Date().toISOString();
  const world = await provider.open(plan.topology, { ...place, endsWithinMs: plan.endsWithinMs, keep: call.options.keep === true }, (line) => terminal.opening(line), call.interrupt).catch((error: unknown) => {
    if (call.interrupt.aborted) throw new DrillError('interrupted', { message: 'interrupted while the world was being opened: it was taken down' });
    throw error;
  });
  await using closing = closeOnce(world);
  const description = describeRun(plan, world, { id: place.id, startedAt, fingerprint: fingerprint(plan, world.about) });
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

/** A new folder for the run; a second run in the same second gets a number of its own. */
async function makeFolder(out: string, plan: Plan, provider: Provider): Promise<Folder> {
  const when = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  for (let count = 1; ; count++) {
    const id = `${when}-${plan.scenario}-${provider.name}${count === 1 ? '' : `-${count}`}`;
    const dir = join(out, id);
    // A run of the same second, in this folder or another: its world goes by the same name.
    if (await access(dir).then(() => true, () => false) || (await provider.leftovers(id)).length > 0) continue;
    await mkdir(dir, { recursive: true }).catch((cause: unknown) => {
      throw new DrillError('notReady', { message: `no report can be written in ${out}: ${cause instanceof Error ? cause.message : String(cause)}`, hint: 'choose another folder with --out' }, { cause });
    });
    return { id, dir };
  }
}
