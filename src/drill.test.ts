import { describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from './catalogue.ts';
import type { Verdict } from './check.ts';
import { describeRun } from './drill/describe-run.ts';
import { drill } from './drill.ts';
import { fingerprint } from './fingerprint.ts';
import type { Entry, History } from './history.ts';
import { judge } from './judge.ts';
import { planFile } from './plan.ts';
import { simulation } from './providers/sim/provider.ts';
import { openRecord, readRecord, writeRun } from './record.ts';
import type { Levers, Provider, World } from './world.ts';

interface Outcome { readonly history: History; readonly verdict: Verdict; readonly judgedAgain: Verdict; readonly leftovers: readonly string[] }

/** A whole drill on the simulated world, from the shipped scenario to the verdict, and the verdict on what was stored of it. */
async function runDrill(scenario: string, options: { readonly seed?: string; readonly provider?: Provider; readonly interruptAt?: (entry: Entry) => boolean } = {}): Promise<Outcome> {
  const provider = options.provider ?? simulation(options.seed ?? 'drill');
  const dir = await mkdtemp(join(tmpdir(), 'regionfall-'));
  try {
    const plan = await planFile(scenario, catalogue, provider);
    const interrupt = new AbortController();
    const world = await provider.open(plan.topology, { id: 'r', dir, endsWithinMs: plan.endsWithinMs }, () => {}, interrupt.signal);
    const run = describeRun(plan, world, { id: 'r', startedAt: '2000-01-01T00:00:00Z', fingerprint: fingerprint(plan, world.about) });
    await writeRun(dir, run);
    const record = await openRecord(dir, (entry) => { if (options.interruptAt?.(entry)) interrupt.abort(new Error('interrupted')); });
    const history = await drill(plan, { world, run, record, interrupt: interrupt.signal });
    await record.close();
    await world[Symbol.asyncDispose]();
    const stored = await readRecord(dir);
    return { history, verdict: judge(plan.checks, history), judgedAgain: judge(plan.checks, stored), leftovers: await provider.leftovers('r') };
  } finally {
    await rm(dir, { recursive: true });
  }
}

const measure = (verdict: Verdict, name: string) => verdict.findings.flatMap(({ measures }) => measures).find((one) => one.name === name);
const states = (history: History) => history.entries.flatMap((entry) => (entry.kind === 'fault' ? [entry.state] : []));

/** The same world, whose levers say that they pulled and do nothing. */
function limp(provider: Provider): Provider {
  const nothing = (lever: 'cut' | 'kill' | 'freeze' | 'stall' | 'sever' | 'overwrite') => async () => ({ record: { id: '1', lever, what: 'nothing', deadline: 0 }, heal: async () => {} });
  const levers: Levers = { cut: nothing('cut'), kill: nothing('kill'), freeze: nothing('freeze'), stall: nothing('stall'), sever: nothing('sever'), overwrite: nothing('overwrite') };
  return {
    ...provider,
    open: async (...args) => {
      const world = await provider.open(...args);
      return Object.create(world, { levers: { value: levers } }) as World;
    },
  };
}

jest.setTimeout(60_000);

describe('a drill', () => {
  test('loses a region, recovers, comes back, and is judged the same again from what was stored', async () => {
    const { history, verdict, judgedAgain, leftovers } = await runDrill('smoke');
    expect(history.status).toBe('completed');
    expect(verdict.ruling).toBe('pass');
    expect(states(history)).toEqual(['injecting', 'injected', 'proven', 'healing', 'healed', 'gone']);
    expect(JSON.stringify(judgedAgain)).toBe(JSON.stringify(verdict));
    expect(leftovers).toEqual([]);
  });

  test('asynchronous replication loses writes on the far side of the cut', async () => {
    const { verdict } = await runDrill('black-hole');
    expect(measure(verdict, 'loss.afterCut')?.value).toBeGreaterThan(0);
    expect(measure(verdict, 'loss.destroyed')?.value).toBe(0);
  });

  test('a fault that does not bite is inconclusive, never pass and never fail, and is still taken back', async () => {
    const { history, verdict } = await runDrill('smoke', { provider: limp(simulation('limp')) });
    expect(verdict.ruling).toBe('inconclusive');
    expect(verdict.because).toMatch(/fault proven/);
    expect(states(history)).toContain('unproven');
    expect(states(history)).toContain('healed');
  });

  test.each(['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'])('with nothing broken finds nothing (%s)', async (seed) => {
    const { verdict } = await runDrill('noop', { seed });
    expect(verdict.ruling).toBe('pass');
    expect(measure(verdict, 'loss.lost')?.value).toBe(0);
    expect(measure(verdict, 'failover.outage.longest')?.value ?? 0).toBe(0);
    expect(measure(verdict, 'loss.acked')?.value).toBeGreaterThan(0);
  });

  test.each(['stabilise', 'baseline', 'break', 'heal', 'rejoin', 'fail back', 'quiesce'])('interrupted as "%s" begins heals what it broke and says so', async (phase) => {
    const { history, verdict } = await runDrill('smoke', { interruptAt: (entry) => entry.kind === 'phase' && entry.phase === phase });
    expect(history.status).toBe('interrupted');
    expect(verdict.ruling).toBe('inconclusive');
    const seen = states(history);
    expect(seen.filter((state) => state === 'healed')).toHaveLength(seen.filter((state) => state === 'injected').length);
  });
});
