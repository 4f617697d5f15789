import { z } from 'zod';
import { ms } from '../duration.ts';

/** Timers are good to a millisecond or so: looks closer together than this would measure the timer. */
export const shortestEveryMs = 10;
/** No drill lasts longer than a day, and no timer of Node longer than 24.8 days. */
export const longestMs = 24 * 3_600_000;

/** Names of probes, faults, checks and gates: letters, digits, spaces, `-` and `_`; at most 40; `:` and `@` are kept for op ids and expanded probes. */
export const namePattern = /^[\p{L}\p{N}][\p{L}\p{N} _-]{0,39}$/u;

function duration(leastMs: number, sayLeast: string) {
  return ms()
    .refine((value) => value >= leastMs, { error: `must be at least ${sayLeast}`, params: { hint: `write ${sayLeast} or more` } })
    .refine((value) => value <= longestMs, { error: 'is longer than a day', params: { hint: 'write 24h or less' } });
}

/** What may be asked for after the break, in this order. */
export const steps = ['heal', 'switch over', 'rejoin', 'fail back'] as const;
export type Step = (typeof steps)[number];

const text = z.string().trim().min(1);
const params = z.record(z.string(), z.unknown()).nullish();
const checkEntry = z.strictObject({ check: text, with: params });

/** A `watch` entry: a kind of probe, where it stands, how often it looks and how long a look may take; and in which worlds, where not in all. */
const watchEntry = z.strictObject({ probe: text, from: text, every: duration(shortestEveryMs, `${shortestEveryMs}ms`), timeout: duration(1, '1ms'), worlds: z.array(z.enum(['kind', 'embedded', 'sim'])).min(1).optional(), with: params });

/** A `break` entry. `at` counts from the start of the break; `until: recovered` needs an `at most`. */
const breakEntry = z.strictObject({ fault: text, at: duration(0, '0s'), until: z.union([z.literal('recovered'), duration(1, '1ms')]), 'at most': duration(1, '1ms').optional(), with: params });

/** A scenario file, each key as people write it; durations come out in ms. */
export const scenarioFormat = z.strictObject({
  title: text,
  predicts: z.string().optional(),
  repeat: z.int().min(1).max(999).optional(),
  system: text,
  settings: z.record(z.string(), z.unknown()).nullish(),
  client: z.strictObject({ at: text, resolver: text, connections: z.enum(['new', 'reused']), probes: z.array(text).min(1).optional() }),
  stable: duration(1, '1ms'),
  baseline: duration(1, '1ms'),
  before: z.record(z.string(), checkEntry).nullish(),
  watch: z.record(z.string(), watchEntry),
  break: z.record(z.string(), breakEntry).nullish(),
  then: z.array(z.enum(steps)).nullish(),
  expect: z.object({ impact: text.optional() }).catchall(checkEntry).nullish(),
});
export type ScenarioFormat = z.output<typeof scenarioFormat>;

/** Stand-ins for what is wrong in a file, chosen so that they cause no problem of their own; times of one entry are replaced together. */
export const standIns = {
  title: 'untitled', predicts: '', settings: {}, client: { at: 'outside', resolver: 'strict', connections: 'new' }, stable: '1ms', baseline: '1ms',
  before: {}, watch: {}, break: {}, then: [], expect: {},
} as const;
export const standInTimes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  watch: { every: '1s', timeout: '1s' },
  break: { at: '0s', until: '1ms', 'at most': '1ms' },
};

/** What to write, by key, for whoever left it out or wrote something else. */
export const examples: Readonly<Record<string, string>> = {
  title: 'Lose the primary region', system: 'active-passive', client: '{ at: outside, resolver: strict, connections: new }', resolver: 'strict', connections: 'new', stable: '30s', baseline: '30s',
  watch: '{ front door: { probe: http, from: outside, every: 250ms, timeout: 250ms } }', probe: 'http', from: 'outside', every: '250ms', timeout: '250ms',
  fault: 'region-outage', until: 'recovered', 'at most': '4m', check: 'steady', impact: 'none', then: '[heal, rejoin, fail back]',
};
