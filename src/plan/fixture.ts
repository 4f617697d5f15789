import { afterAll } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Offer } from './bind.ts';
import type { Check } from '../check.ts';
import { ms } from '../duration.ts';
import { DrillError, type Problem } from '../errors.ts';
import { controlPlane } from '../faults/control-plane.ts';
import { flapping } from '../faults/flapping.ts';
import { gray } from '../faults/gray.ts';
import { linkCut } from '../faults/link-cut.ts';
import { meshPathCut } from '../faults/mesh-path-cut.ts';
import { nameOverwritten } from '../faults/name-overwritten.ts';
import { partOutage } from '../faults/part-outage.ts';
import { regionOutage } from '../faults/region-outage.ts';
import { replicationCut } from '../faults/replication-cut.ts';
import type { Catalogue } from './bound.ts';
import { copy } from '../probes/copy.ts';
import { direct } from '../probes/direct.ts';
import { dns } from '../probes/dns.ts';
import { http } from '../probes/http.ts';
import { k6 } from '../probes/k6.ts';
import { ledger } from '../probes/ledger.ts';
import { reads } from '../probes/reads.ts';
import { registers } from '../probes/registers.ts';
import { server } from '../probes/server.ts';

function check(kind: string, objective: z.ZodType): Check {
  return { kind, about: kind, measures: [], objective, judge: () => ({ ruling: 'measured', because: 'a fixture', measures: [] }) };
}

/** Real faults and probes, and checks that know their objectives and judge nothing. */
export const catalogue: Catalogue = {
  faults: [regionOutage, replicationCut, partOutage, linkCut, gray, flapping, nameOverwritten, controlPlane, meshPathCut],
  probes: [http, dns, ledger, registers, reads, direct, copy, server, k6],
  checks: [
    check('steady', z.strictObject({ probe: z.string(), minOkPct: z.number().min(0).max(100), during: z.string().default('baseline') })),
    check('failover-time', z.strictObject({ max: ms().optional() })),
    check('spread', z.strictObject({ maxHurtPct: z.number().optional(), max: ms().optional() })),
    check('reunion', z.strictObject({ maxBack: ms().optional() })),
    check('lost-updates', z.strictObject({ maxReverted: z.int().optional(), maxConflicting: z.int().optional() })),
    check('data-loss', z.strictObject({ maxLost: z.int().min(0).optional(), maxRpo: ms().optional() })),
    check('connections', z.strictObject({ maxPeak: z.number().optional(), maxRefused: z.int().optional() })),
    check('dns-convergence', z.strictObject({ critical: z.array(z.string()).optional(), max: ms().optional() })),
    check('fail-back', z.strictObject({ maxPause: ms().optional() })),
    check('commits', z.strictObject({ maxP99: ms().optional(), maxLag: ms().optional() })),
    check('switches', z.strictObject({ maxName: z.int().min(0).optional(), maxDatabase: z.int().min(0).optional() })),
    check('switchover', z.strictObject({ maxPause: ms().optional() })),
  ],
};

/** A world that can do everything that there is a word for. */
export const able: Offer = { name: 'able', levers: new Set(['cut', 'kill', 'freeze', 'stall', 'sever', 'overwrite']), senses: new Set(['http', 'resolve', 'append', 'update', 'read', 'status', 'census', 'reach']) };

/** The example of the format: small, whole and right. Its lines are counted on by tests. */
export const example = `title: Lose the primary region
system: active-passive
settings: { dns: { ttl: 30s } }
client: { at: outside, resolver: strict, connections: new }
stable: 30s
baseline: 30s
before:
  healthy: { check: steady, with: { probe: front door, minOkPct: 99.9 } }
watch:
  front door: { probe: http, from: outside, every: 250ms, timeout: 250ms, with: { path: /orders } }
  names: { probe: dns, from: outside, every: 250ms, timeout: 2s }
  writer: { probe: ledger, from: outside, every: 20ms, timeout: 12s }
break:
  lose primary: { fault: region-outage, at: 0s, until: recovered, at most: 4m, with: { region: ap-northeast-2, how: black-hole } }
then: [heal, rejoin, fail back]
expect:
  impact: lose primary
  rto: { check: failover-time, with: { max: 120s } }
`;

const folders: string[] = [];
afterAll(() => { for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true }); });

/** A file of its own in a folder of its own, until the tests of this file are through; the path. */
export function fileOf(content: string | Uint8Array, name = 'x.yaml'): string {
  const folder = mkdtempSync(join(tmpdir(), 'regionfall-test-'));
  folders.push(folder);
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The example with one thing replaced; throws where there was nothing to replace. */
export function changed(from: string, to: string, text = example): string {
  if (!text.includes(from)) throw new Error(`the example has no ${from}`);
  return text.replace(from, () => to);
}

/** The problems that `act` is refused with; rejects where it was not refused, or was by anything but a DrillError(wrong). */
export async function problemsOf(act: () => unknown): Promise<readonly Problem[]> {
  try {
    await act();
  } catch (error) {
    if (error instanceof DrillError && error.trouble === 'wrong') return error.problems;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** `line: message` of each problem. */
export function brief(problems: readonly Problem[]): string[] {
  return problems.map((problem) => `${problem.line ?? '-'}: ${problem.message}`);
}
