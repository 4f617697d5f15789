import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '../src/catalogue.ts';
import { describeRun } from '../src/drill/describe-run.ts';
import { drill } from '../src/drill.ts';
import { fingerprint } from '../src/fingerprint.ts';
import { judge } from '../src/judge.ts';
import { outcomeOf, type Outcome } from '../src/outcome.ts';
import { planFile } from '../src/plan.ts';
import { simulation } from '../src/providers/sim/provider.ts';
import { makeReport } from '../src/report.ts';
import { longestCycleMs, planTurn, turnOf, type Series } from '../src/series.ts';

/** A series of drills on the simulated world, whole but for what would be written to disk: every run with a seed of its own for the world and for its phase. */
export async function simulateSeries(scenario: string, name: string, repeat: number): Promise<Outcome[]> {
  const dir = await mkdtemp(join(tmpdir(), 'regionfall-'));
  try {
    const outcomes: Outcome[] = [];
    for (let number = 1; number <= repeat; number += 1) outcomes.push(await simulateRun(scenario, name, number, repeat, dir));
    return outcomes;
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function simulateRun(scenario: string, name: string, number: number, repeat: number, dir: string): Promise<Outcome> {
  const provider = simulation();
  const plan = await planFile(scenario, catalogue, provider);
  const series: Series = { schema: 1, name, scenario: plan.scenario, world: 'sim', repeat, seed: name, withinMs: longestCycleMs(plan.topology), hashes: plan.hashes };
  const turn = turnOf(series, number);
  const own = planTurn(plan, turn);
  const signal = new AbortController().signal;
  const id = `${name}-${number}`;
  const world = await provider.open(own.topology, { id, dir, endsWithinMs: own.endsWithinMs }, () => {}, signal);
  const run = describeRun(own, world, { id, startedAt: new Date(Date.UTC(2026, 0, 1, 0, number)).toISOString(), fingerprint: fingerprint(own, world.about), series: turn });
  const entries: Parameters<Parameters<typeof drill>[1]['record']['add']>[0][] = [];
  const history = await drill(own, { world, run, record: { entries, add: (entry) => { entries.push(entry); }, close: async () => {} }, interrupt: signal });
  await world[Symbol.asyncDispose]();
  return outcomeOf(makeReport(history, judge(own.checks, history)));
}
