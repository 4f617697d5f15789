import { z } from 'zod';
import type { Probe } from '../probe.ts';
import { mannerSchema, nearest, targetSchema } from './aim.ts';

const params = z.strictObject({
  writer: z.string().min(1),
  /** How many of the newest numbers each read asks for. */
  window: z.int().min(1).default(1_000),
  target: targetSchema.optional(),
  ...mannerSchema,
});

/** Reads back a writer's newest numbers through the app; good is any whole answer. What is missing from it is for a check to say. */
export const reads: Probe<z.output<typeof params>, 'read', 'read'> = {
  kind: 'reads',
  about: 'reads back the newest numbers of a writer through the app, so that an acknowledged write can be missed; good is any whole answer',
  says: 'read',
  params,
  needs: ['read'],
  open(senses, { writer, window, target, ...manner }, self) {
    const to = target ?? nearest(self.place);
    let newest = 0;
    return async (_seq, signal) => {
      const from = Math.max(1, newest - window + 1);
      const data = await senses.read(to, writer, from, manner, signal);
      // Not the highest ever: after a loss the numbers that are left must come back into the window.
      newest = data.numbers.at(-1)?.[1] ?? from - 1;
      return { ok: true, data };
    };
  },
};
