import { expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Finding, Measure } from '../src/check.ts';
import type { Details } from '../src/checks/loss/details.ts';
import type { Report } from '../src/report.ts';
import { regionfall } from './command.ts';
import { describeEmbedded } from './embedded.ts';

const scenario = (name: string) => fileURLToPath(new URL(`scenarios/${name}.yaml`, import.meta.url));

interface Drilled { readonly loss: (measure: string) => Measure; readonly details: Details; readonly report: Report }

/** Runs a drill; again, aloud, after a pause, where the run itself says that the machine's host took its processors away. */
async function runDrill(name: string, engine: string, turn = 1): Promise<Drilled> {
  const drilled = await drillOnce(name, engine);
  if (turn === 3 || !gates(drilled.report).some((gate) => gate.includes('own host gave'))) return drilled;
  console.warn(`${name} on ${engine}, turn ${turn} of 3: ${gates(drilled.report).join(' ')}`);
  await setTimeout(20_000);
  return runDrill(name, engine, turn + 1);
}

async function drillOnce(name: string, engine: string): Promise<Drilled> {
  const out = await mkdtemp(join(tmpdir(), 'regionfall-'));
  try {
    const { said } = await regionfall(['run', scenario(name), '--on', 'embedded', '--set', `database.engine=${engine}`, '--out', out]).ended;
    const [folder] = await readdir(out);
    if (folder === undefined) throw new Error(said);
    const report = JSON.parse(await readFile(join(out, folder, 'report.json'), 'utf8')) as Report;
    const finding = report.verdict.findings.find(({ kind }) => kind === 'data-loss') as Finding;
    const loss = (measure: string) => finding.measures.find((one) => one.name === measure) as Measure;
    return { loss, details: finding.details as Details, report };
  } finally {
    await rm(out, { recursive: true });
  }
}

const gates = (report: Report) => report.verdict.findings.filter(({ kind, ruling }) => kind === 'gate' && ruling !== 'pass').map(({ check, because }) => `${check}: ${because}`);

for (const engine of ['mariadb', 'mysql'] as const) describeEmbedded(`losses on real databases: ${engine}`, () => {
  test('asynchronous replication loses what is acknowledged after the cut, and the GTIDs say the same', async () => {
    const { loss, details, report } = await runDrill('async-fast', engine);
    expect(gates(report)).toEqual([]);
    expect(Object.keys(report.run.fingerprint.versions)).toContain(engine);
    expect(loss('loss.afterCut').value).toBeGreaterThan(20);
    expect(loss('loss.stranded').value).toBe(loss('loss.lost').value);
    expect(typeof details.errant).toBe('object');
    if (typeof details.errant === 'object') {
      expect(details.errant.strandedInErrant).toBe(loss('loss.stranded').value);
      expect(details.errant.errant).toBeGreaterThanOrEqual(loss('loss.stranded').value ?? 0);
    }
    expect(loss('loss.phantom').value).toBe(0);
    expect(loss('loss.destroyed').value).toBe(0);
  }, 360_000);

  test('with the replica cut off two seconds earlier, writes from before the cut are lost too', async () => {
    const { loss, details, report } = await runDrill('lagging-fast', engine);
    expect(gates(report)).toEqual([]);
    const rpo = loss('loss.rpo');
    expect(rpo.high).toBeGreaterThan(1.5);
    expect(rpo.low).toBeLessThan(4);
    const before = details.writes.filter(({ cut }) => cut === 'before');
    expect(before.length).toBeGreaterThan(50);
    expect(loss('loss.afterCut').value).toBeGreaterThan(20);
    if (typeof details.errant === 'object') expect(details.errant.strandedInErrant).toBe(loss('loss.stranded').value);
  }, 360_000);
}, engine);
