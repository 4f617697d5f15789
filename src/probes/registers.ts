import { z } from 'zod';
import type { Probe } from '../probe.ts';
import { mannerSchema, nearest, targetSchema } from './aim.ts';

const params = z.strictObject({
  /** How many slots it goes round: a slot is set again after so many looks. */
  slots: z.int().min(1).max(10_000).default(8),
  /** The group whose slots it sets, where several probes are to set the same ones; its own where it is not said. */
  as: z.string().min(1).max(64).optional(),
  /** Straight into the database of its own region, past the app. */
  direct: z.boolean().default(false),
  target: targetSchema.optional(),
  ...mannerSchema,
});

/** Sets one slot a look, going round them, each time to a value that was never there: `probe name:number`, from 1. Good is an acknowledged commit. */
export const registers: Probe<z.output<typeof params>, 'update', 'update'> = {
  kind: 'registers',
  about: 'updates the same few rows again and again, and is told which value each update took the place of, so that one that is taken back is seen; good is acked',
  says: 'update',
  params,
  needs: ['update'],
  open: (senses, { slots, as, direct, target, ...manner }, self) => {
    const to = direct ? { place: self.place, part: 'database' as const } : target ?? nearest(self.place);
    return async (seq, signal) => {
      const data = await senses.update(to, { group: as ?? self.name, slot: seq % slots, writer: self.name, number: seq + 1 }, manner, signal);
      return data.outcome === 'acked' ? { ok: true, data } : { ok: false, data, error: data.outcome };
    };
  },
};
