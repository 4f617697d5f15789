import { z } from 'zod';
import type { Probe } from '../probe.ts';
import { behindEach, cacheOf, cacheSchema, mannerSchema, targetSchema } from './aim.ts';

const params = z.strictObject({ path: z.string().startsWith('/').default('/'), target: targetSchema.default('service'), ...mannerSchema, cache: cacheSchema });

/** Asks for a page as a user would; good is a whole answer with status 2xx. */
export const http: Probe<z.output<typeof params>, 'http', 'http'> = {
  kind: 'http',
  about: 'asks for a page over HTTP, on a new connection each time or on kept ones; good is a whole 2xx answer',
  says: 'http',
  params,
  expand: behindEach,
  needs: ['http'],
  open: (senses, { path, target, cache, ...manner }) => async (_seq, signal) => {
    const data = await senses.http(target, path, { ...manner, cache: cacheOf(cache) }, signal);
    const ok = data.status >= 200 && data.status < 300;
    return ok ? { ok, data } : { ok, data, error: `status ${data.status}` };
  },
};
