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
  errant: maybe(z.union([z.string(), z.object({ errant: z.number(), stranded: z.number(), strandedInErrant: z.number(), indeterminateOnOld: z.number(), differs: z.number(), ranges: z.array(z.string()) })])),
  splitBrain: maybe(z.object({ old: z.string(), current: z.string(), value: z.number(), low: z.number(), high: z.number().nullable(), ackedByOld: z.number() }).nullable()),
  atCut: maybe(z.object({ lastSecond: z.number(), last: z.number().nullable() }).nullable()),
  copies: maybe(z.array(z.object({ region: z.string(), checksum: z.string(), same: z.boolean() }))),
});
export type LossDetails = z.output<typeof lossShape>;

/** What the finding of `data-loss` carries beside its measures, as far as it does. Seconds; `ackedAt` in ms since the start. */
export function lossDetails(finding: Finding | undefined): LossDetails {
  return lossShape.catch({}).parse(finding?.details ?? {});
}

export interface Expectation { readonly seconds: number; readonly terms: readonly { readonly what: string; readonly seconds: number }[] }
export function expectationOf(_finding: Finding | undefined): Expectation | null { return null; }
