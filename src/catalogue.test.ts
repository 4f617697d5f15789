import { describe, expect, test } from '@jest/globals';
import type { ZodType } from 'zod';
import { catalogue } from './catalogue.ts';
import { DrillError } from './errors.ts';
import { planFile } from './plan.ts';
import { namesIn, shipped } from './shipped.ts';

const formats: [string, ZodType][] = [
  ...catalogue.faults.map((fault): [string, ZodType] => [`fault ${fault.kind}`, fault.params]),
  ...catalogue.probes.map((probe): [string, ZodType] => [`probe ${probe.kind}`, probe.params]),
  ...catalogue.checks.map((check): [string, ZodType] => [`check ${check.kind}`, check.objective]),
];

describe('the catalogue', () => {
  test.each([['faults', catalogue.faults], ['probes', catalogue.probes], ['checks', catalogue.checks], ['reporters', catalogue.reporters]] as const)('has no two %s of one kind', (_noun, kinds) => {
    expect(new Set(kinds.map((one) => one.kind)).size).toBe(kinds.length);
  });

  test.each(formats)('%s refuses a key that it does not know', (_name, format) => {
    const keys = (format.safeParse({ whatever: 1 }).error?.issues ?? []).flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
    expect(keys).toEqual(['whatever']);
  });

  test.each(catalogue.providers.flatMap((provider) => namesIn(shipped('scenarios')).map((name) => [name, provider] as const)))('%s plans on every world that ships, or says what that world cannot', async (name, provider) => {
    const plan = await planFile(name, catalogue, provider).catch((error: unknown) => {
      if (error instanceof DrillError && error.problems.every(({ message }) => message.startsWith(`the ${provider.name} world cannot `))) return null;
      throw error;
    });
    if (plan === null) return;
    expect(plan.world).toBe(provider.name);
    expect(plan.checks.length).toBeGreaterThan(0);
  });

  test.each(namesIn(shipped('scenarios')))('%s plans on a world at least', async (name) => {
    const plans = await Promise.allSettled(catalogue.providers.map((provider) => planFile(name, catalogue, provider)));
    expect(plans.some(({ status }) => status === 'fulfilled')).toBe(true);
  });
});
