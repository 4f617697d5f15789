import { z } from 'zod';
import type { Probe, Stream } from '../probe.ts';
import type { CrowdRequest } from '../world.ts';
import { mannerSchema, targetSchema } from './aim.ts';

const params = z.strictObject({
  /** A file beside the scenario. */
  script: z.string().min(1),
  /** How many iterations may be under way at once; one that finds no client free is a tick that was missed. */
  clients: z.int().min(1).max(1_000).default(20),
  /** What the script is given as TARGET. */
  target: targetSchema.default('service'),
  ...mannerSchema,
  /** 16 hexadecimal digits of the script's SHA-256; filled in when it is read. */
  digest: z.string().optional(),
});

/**
 * Has k6 run a person's script at the probe's rate, an iteration a tick; each of its requests is a look. Good is what k6 calls an expected response (200 to 399,
 * unless the script says otherwise), whole and within the timeout. Its thresholds and checks judge nothing here.
 */
export const k6: Probe<z.output<typeof params>, 'http', 'crowd', Stream<'http'>> = {
  kind: 'k6',
  about: 'has k6 run a script, an iteration a tick, and takes each of its requests for a look; good is what k6 expected, in time',
  says: 'http',
  params,
  needs: ['crowd'],
  program: ({ script, clients }) => ({ script, clients }),
  open: (senses, { clients, target, resolver, connections }) => ({
    begin: ({ everyMs, timeoutMs, script }, told) => senses.crowd(
      { script, target, manner: { resolver, connections }, everyMs, timeoutMs, clients },
      { ...told, request: (one) => told.look({ ...one, ...judge(one, timeoutMs), data: one.seen }) },
    ),
  }),
};

function judge({ tookMs, expected, error, seen }: CrowdRequest, timeoutMs: number): { readonly ok: boolean; readonly error: string | null } {
  const late = tookMs > timeoutMs;
  const wrong = error ?? (expected ? null : `status ${seen?.status ?? 0}`);
  return { ok: wrong === null && !late, error: late ? (wrong === null ? 'timed out' : `timed out: ${wrong}`) : wrong };
}
