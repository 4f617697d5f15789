import { z } from 'zod';
import type { Finding } from '../check.ts';

// Everything is optional and read one by one: a detail that is missing, or has another shape, is left out and breaks nothing.
const maybe = <T extends z.ZodType>(shape: T) => shape.optional().catch(undefined);
const number = maybe(z.number());
const text = maybe(z.string());

const lossShape = z.object({
  authority: text,
  writes: maybe(z.array(z.object({ op: z.string(), ackedAt: z.number(), server: z.string().nullable(), gtid: z.string().nullable(), class: z.string(), cut: z.string().nullable() }))),
  writesInAll: number,
  phantoms: maybe(z.array(z.string())),
  retried: number, neverRead: number, refused: number, beyondLoss: number,
  stale: maybe(z.object({ writes: z.number(), reads: z.number(), late: z.object({ p50: z.number().nullable(), p95: z.number().nullable(), max: z.number().nullable() }) })),
  errant: maybe(z.union([z.string(), z.object({ errant: z.number(), stranded: z.number(), strandedInErrant: z.number(), indeterminateOnOld: z.number(), updates: z.number().default(0), differs: z.number(), ranges: z.array(z.string()) })])),
  splitBrain: maybe(z.object({ old: z.string(), current: z.string(), value: z.number(), low: z.number(), high: z.number().nullable(), ackedByOld: z.number() }).nullable()),
  degraded: maybe(z.union([z.string(), z.array(z.object({ region: z.string(), server: z.string(), from: z.number(), to: z.number().nullable(), commits: z.number().nullable() }))])),
  atCut: maybe(z.object({ lastSecond: z.number(), last: z.number().nullable() }).nullable()),
  copies: maybe(z.array(z.object({ region: z.string(), checksum: z.string(), same: z.boolean() }))),
});
export type LossDetails = z.output<typeof lossShape>;

/** What the finding of `data-loss` carries beside its measures, as far as it does. Seconds; `ackedAt` in ms since the start. */
export function lossDetails(finding: Finding | undefined): LossDetails {
  return lossShape.catch({}).parse(finding?.details ?? {});
}

const toldUpdate = z.object({ value: z.string(), ackedAt: z.number(), server: z.string().nullable() });
const updatesShape = z.object({
  reverted: maybe(z.array(toldUpdate.extend({ group: z.string(), slot: z.number(), after: z.string().nullable(), still: z.array(z.string()) }))),
  conflicting: maybe(z.array(z.object({ group: z.string(), slot: z.number(), over: z.string().nullable(), values: z.tuple([toldUpdate, toldUpdate]), ends: z.array(z.object({ region: z.string(), holds: z.string().nullable(), buildsOn: z.array(z.string()) })) }))),
  revertedInAll: number, conflictingInAll: number,
});
export type UpdatesDetails = z.output<typeof updatesShape>;

/** What the finding of `lost-updates` carries beside its measures, as far as it does; `ackedAt` in ms since the start. */
export function updatesDetails(finding: Finding | undefined): UpdatesDetails {
  return updatesShape.catch({}).parse(finding?.details ?? {});
}

const span = { low: z.number(), high: z.number() };
const bounded = z.object({ value: z.number(), low: z.number(), high: z.number().nullable() });
const failoverShape = z.object({
  stages: maybe(z.array(z.object({ name: z.string(), path: z.string(), from: z.number().nullable(), to: z.number().nullable() }))),
  criticalPath: maybe(z.array(z.string())),
  slowest: maybe(z.string().nullable()),
  sights: maybe(z.array(z.object({ name: z.string(), at: z.number(), ...span }))),
  window: maybe(z.object({ from: z.number(), to: z.number() })),
  expected: maybe(z.object({ ...span, exceeded: z.boolean(), terms: z.array(z.object({ what: z.string(), ...span, path: z.string() })) }).nullable()),
  probes: maybe(z.array(z.object({
    probe: z.string(), place: z.string(), says: z.string(), client: z.boolean(), looks: z.number(), bad: z.number(), longest: bounded.extend({ censored: z.boolean() }), downtime: bounded,
    flaps: z.number(), errors: z.record(z.string(), z.number()), slow: z.number().nullable(),
  }))),
  firstSuccess: maybe(z.number().nullable()),
});
export type FailoverDetails = z.output<typeof failoverShape>;

/** What the finding of `failover-time` carries beside its measures, as far as it does. Stages, sights and window in ms since the start, all else in seconds. */
export function failoverDetails(finding: Finding | undefined): FailoverDetails {
  return failoverShape.catch({}).parse(finding?.details ?? {});
}

const namesShape = z.object({
  ttl: number,
  resolvers: maybe(z.array(z.object({
    name: z.string(), server: z.string(), place: z.string(), planted: z.boolean(), critical: z.boolean(), n: z.number(), convergence: bounded.extend({ censored: z.boolean() }).nullable(),
    excess: z.number().nullable(), signs: z.array(z.string()), flaps: z.number(), highestTtl: z.number().nullable(), errors: z.record(z.string(), z.number()),
  }))),
  planted: maybe(z.array(z.object({ name: z.string(), result: z.string(), because: z.string() }))),
});
export type NamesDetails = z.output<typeof namesShape>;

/** What the finding of `dns-convergence` carries beside its measures, as far as it does. Seconds. */
export function namesDetails(finding: Finding | undefined): NamesDetails {
  return namesShape.catch({}).parse(finding?.details ?? {});
}

const rate = z.object({ value: z.number(), low: z.number(), high: z.number().nullable(), at: z.number(), n: z.number() }).nullable();
const connectionsShape = z.object({
  peaks: maybe(z.array(z.object({ region: z.string(), baseline: rate, broken: rate, healed: rate, refused: z.number(), open: z.number() }))),
  limit: number,
});
export type ConnectionsDetails = z.output<typeof connectionsShape>;

/** What the finding of `connections` carries beside its measures, as far as it does. New connections a second; `at` in ms since the start. */
export function connectionsDetails(finding: Finding | undefined): ConnectionsDetails {
  return connectionsShape.catch({}).parse(finding?.details ?? {});
}

const wayBackShape = z.object({
  writer: maybe(z.string().nullable()),
  pauses: maybe(z.array(z.object({ from: z.number(), to: z.number().nullable(), n: z.number() }))),
  early: maybe(z.object({ at: z.number(), probe: z.string(), region: z.string() }).nullable()),
  copiesMatch: maybe(z.boolean().nullable()),
});
export type WayBackDetails = z.output<typeof wayBackShape>;

/** What the finding of `fail-back` carries beside its measures, as far as it does. ms since the start. */
export function wayBackDetails(finding: Finding | undefined): WayBackDetails {
  return wayBackShape.catch({}).parse(finding?.details ?? {});
}
