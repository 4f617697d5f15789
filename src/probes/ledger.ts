import { z } from 'zod';
import type { Probe } from '../probe.ts';
import { behindEach, mannerSchema, nearest, targetSchema } from './aim.ts';

const params = z.strictObject({ target: targetSchema.optional(), ...mannerSchema });

/** Writes one numbered row a look, each number once and in one attempt; good is an acknowledged commit. Its rows are `probe name:number`, from 1. */
export const ledger: Probe<z.output<typeof params>, 'write', 'append'> = {
  kind: 'ledger',
  about: 'writes numbered rows through the app and keeps account of each: acked, refused or indeterminate; good is acked',
  says: 'write',
  params,
  expand: behindEach,
  needs: ['append'],
  open: (senses, { target, ...manner }, self) => {
    const to = target ?? nearest(self.place);
    return async (seq, signal) => {
      const data = await senses.append(to, { writer: self.name, number: seq + 1, attempt: 1 }, manner, 'app', signal);
      return data.outcome === 'acked' ? { ok: true, data } : { ok: false, data, error: data.outcome };
    };
  },
};
