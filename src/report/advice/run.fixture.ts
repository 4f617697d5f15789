import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '../../catalogue.ts';
import { describeRun } from '../../drill/describe-run.ts';
import { drill } from '../../drill.ts';
import { fingerprint } from '../../fingerprint.ts';
import type { History } from '../../history.ts';
import { judge } from '../../judge.ts';
import { planFile } from '../../plan.ts';
import { simulation } from '../../providers/sim/provider.ts';
import { openRecord } from '../../record.ts';
import { makeReport, type Report } from '../../report.ts';

/** A shipped scenario with some of its text replaced, run on the simulated world, judged and reported. */
export async function simulate(scenario: string, replacing: Readonly<Record<string, string>> = {}, seed = 'advice'): Promise<{ readonly report: Report; readonly history: History }> {
  const dir = await mkdtemp(join(tmpdir(), 'regionfall-'));
  try {
    const file = join(dir, `${scenario}.yaml`);
    const text = await readFile(new URL(`../../../scenarios/${scenario}.yaml`, import.meta.url), 'utf8');
    await writeFile(file, Object.entries(replacing).reduce((so, [from, to]) => {
      if (!so.includes(from)) throw new Error(`${scenario} does not say "${from}"`);
      return so.replace(from, to);
    }, text));
    const provider = simulation(seed);
    const plan = await planFile(file, catalogue, provider);
    await using world = await provider.open(plan.topology, { id: 'r', dir, endsWithinMs: plan.endsWithinMs }, () => {}, new AbortController().signal);
    const run = describeRun(plan, world, { id: 'r', startedAt: '2000-01-01T00:00:00Z', fingerprint: fingerprint(plan, world.about) });
    const record = await openRecord(dir, () => {});
    const history = await drill(plan, { world, run, record, interrupt: new AbortController().signal });
    await record.close();
    return { history, report: makeReport(history, judge(plan.checks, history)) };
  } finally {
    await rm(dir, { recursive: true });
  }
}
