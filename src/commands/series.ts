import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { sayDuration } from '../duration.ts';
import { DrillError, exits } from '../errors.ts';
import type { Run } from '../history.ts';
import { outcomeOf } from '../outcome.ts';
import type { Plan } from '../plan.ts';
import { readJson } from '../record.ts';
import { json, type Report } from '../report.ts';
import { saySeries } from '../reporters/series.ts';
import { sayChosen } from '../reporters/say.ts';
import { finishedIn, longestCycleMs, openSeries, planTurn, turnOf } from '../series.ts';
import { summarise } from '../series/summary.ts';
import type { Provider } from '../world.ts';
import type { Invocation } from './invocation.ts';

type Perform = (plan: Plan, folder: { readonly in: string; readonly name: string }, turn: Pick<Run, 'series'>) => Promise<number>;

/** Runs what is still missing of a series, one run after another, and sums it up; the gravest exit status of its runs. A run that was interrupted is done again, never resumed. */
export async function runSeries(plan: Plan, provider: Provider, perform: Perform, call: Invocation): Promise<number> {
  const { options, say, interrupt } = call;
  const repeat = options.repeat ?? plan.repeat ?? 1;
  const name = options.series ?? `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}-${plan.scenario}-${provider.name}-x${repeat}`;
  const dir = join(resolve(options.out), name);
  const series = await openSeries(dir, { schema: 1, name, scenario: plan.scenario, world: provider.name, repeat, seed: options.seed ?? randomBytes(3).toString('hex'), withinMs: longestCycleMs(plan.topology), hashes: plan.hashes });
  const goOn = `to go on with it: regionfall run ${call.words.join(' ')} --on ${provider.name}${sayChosen(plan.set)} --repeat ${repeat} --series ${name} --out ${options.out}`;
  say(`series ${name}: ${repeat} runs, breaks at a random phase of ${sayDuration(series.withinMs)}, seed ${series.seed}`);
  let done = 0;
  for (let number = 1; number <= repeat; number += 1) {
    if ((await finishedIn(dir)).has(number)) { say(`run ${number} of ${repeat} is there already`); continue; }
    if (done === options.turns) { say(goOn); break; }
    done += 1;
    const turn = turnOf(series, number);
    say(`\nrun ${number} of ${repeat}: the break waits for another ${sayDuration(turn.delayMs)}`);
    const status = await perform(planTurn(plan, turn), { in: dir, name: `${name}-${series.seed}-${String(number).padStart(2, '0')}` }, { series: turn }).catch((error: unknown) => {
      if (error instanceof DrillError) say(goOn);
      throw error;
    });
    // After something was left behind, the next run could not be believed.
    if (status === exits.interrupted || status === exits.leftBehind || interrupt.aborted) { say(goOn); return interrupt.aborted ? exits.interrupted : status; }
  }
  return sumUp(dir, call);
}

async function sumUp(dir: string, { say }: Invocation): Promise<number> {
  const reports = await Promise.all([...(await finishedIn(dir)).entries()].sort(([a], [b]) => a - b).map(([, run]) => readJson<Report>(join(run, 'report.json'))));
  const summary = summarise(reports.map(outcomeOf));
  const lines = saySeries(summary);
  await writeFile(join(dir, 'summary.json'), json(summary));
  await writeFile(join(dir, 'summary.txt'), `${lines.join('\n')}\n`);
  say(`\n${lines.join('\n')}\n  series  ${dir}`);
  const rulings = reports.map(({ verdict }) => verdict.ruling);
  return rulings.includes('fail') ? exits.missed : rulings.includes('inconclusive') ? exits.inconclusive : exits.pass;
}
