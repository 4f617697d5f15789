import { catalogue } from '../../catalogue.ts';
import type { BoundCheck, Measure, Verdict } from '../../check.ts';
import { dnsConvergence, type Details } from '../../checks/dns-convergence.ts';
import { failoverTime } from '../../checks/failover-time.ts';
import { drill } from '../../drill.ts';
import { marks, type History } from '../../history.ts';
import { judge } from '../../judge.ts';
import { drillWith } from './duds.ts';
import { invented } from '../miss.ts';

/** What remains of a measure where nothing was broken: the greatest value that was said, and the greatest upper bound. */
export interface Noise { readonly name: string; readonly unit: Measure['unit']; readonly value: number; readonly high: number | null }

/** Drills in which nothing was broken: what each found all the same, and what remains as noise. */
export interface Zero { readonly misses: readonly (readonly string[])[]; readonly noise: readonly Noise[] }

/** These must be zero where nothing was broken; everything else is noise, and printed. */
const nothings: readonly string[] = ['failover.outage.longest', 'loss.lost', 'loss.stranded', 'loss.destroyed', 'loss.phantom', 'loss.duplicated', 'loss.rpo', 'loss.afterCut'];
/** Nor does the instrument itself lose anything in virtual time; on a real machine what it loses is noise, up to what its own gate allows. */
const instruments: readonly string[] = ['instrument.missed', 'instrument.blind'];
/** A system to which nothing is done does none of these. */
const quiet: ReadonlySet<string> = new Set([marks.unhealthy, marks.suspected, marks.declaredDead, marks.fenced, marks.stopped, marks.promoted, marks.gaveUp, marks.switchedOver]);
/** Of these the value says how much was done, and nothing about what went wrong. */
const amounts: readonly string[] = ['loss.acked', 'dns.violators'];

/** Runs `noop` so often on the simulated world, each time with another seed. */
export async function measureZero(times: number, seed: string): Promise<Zero> {
  const all: string[][] = [];
  const noise = new Map<string, Noise>();
  for (let turn = 0; turn < times; turn += 1) {
    const { misses, measures } = judgeNothing((await drillWith(drill, 'noop', `${seed} ${turn}`)).history, [...nothings, ...instruments]);
    all.push(misses);
    addNoise(noise, measures);
  }
  return { misses: all, noise: [...noise.values()] };
}

/** Judges a history of `noop` by its own checks and by those that it does not ask for: what was found though nothing was broken, and all that was measured. `counts` false: by its own gates the run means nothing. */
export function judgeNothing(history: History, zeros: readonly string[] = nothings): { readonly counts: boolean; readonly misses: string[]; readonly measures: readonly Measure[] } {
  const verdict = judge([...checksOf(history), ...also], history);
  const counts = verdict.findings.every(({ kind, ruling }) => kind !== 'gate' || ruling === 'pass');
  return { counts, misses: findAnything(history, verdict, zeros), measures: measuresOf(verdict) };
}

/** Checks that `noop` does not ask for itself. */
const also: readonly BoundCheck[] = [{ name: 'outages', check: failoverTime as BoundCheck['check'], objective: {} }, { name: 'names', check: dnsConvergence as BoundCheck['check'], objective: {} }];

function checksOf({ run }: History): BoundCheck[] {
  return run.checks.flatMap(({ name, kind, objective }) => catalogue.checks.filter((check) => check.kind === kind).map((check) => ({ name, check, objective })));
}

function measuresOf({ findings }: Verdict): Measure[] {
  return findings.flatMap(({ measures }) => measures).filter(({ name, value }) => value !== null && !amounts.includes(name));
}

function findAnything(history: History, verdict: Verdict, zeros: readonly string[]): string[] {
  const found = measuresOf(verdict).filter(({ name, value }) => zeros.includes(name) && value !== 0).map(({ name, value }) => `${name} is ${value} where nothing was broken`);
  const lacking = zeros.filter((name) => !verdict.findings.some(({ measures }) => measures.some((measure) => measure.name === name))).map((name) => `${name} was not measured`);
  const stirred = history.entries.flatMap((entry) => (entry.kind === 'mark' && quiet.has(entry.what) ? [`the system ${entry.what} ${entry.subject} where nothing was broken`] : []));
  // Violators that are planted in the world are found there also when nothing is broken.
  const named = (verdict.findings.find(({ check }) => check === 'names')?.details as Details).resolvers.filter(({ planted, signs }) => !planted && signs.length > 0).map(({ name, signs }) => `${name}: ${signs.join(', ')}`);
  return [...[...named, ...(verdict.ruling === 'pass' ? [] : [`ruled ${verdict.ruling}: ${verdict.because}`]), ...found, ...stirred].map(invented), ...lacking];
}

/** Adds what a drill measured to what remains as noise. */
export function addNoise(noise: Map<string, Noise>, measures: readonly Measure[]): void {
  for (const measure of measures) noise.set(measure.name, louder(noise.get(measure.name), measure));
}

function louder(known: Noise | undefined, { name, unit, value, high }: Measure): Noise {
  const most = (a: number | null | undefined, b: number | null): number | null => (a === null || b === null ? null : Math.max(a ?? 0, b));
  return { name, unit, value: Math.max(known?.value ?? 0, value ?? 0), high: most(known ? known.high : 0, high) };
}
