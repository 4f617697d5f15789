import { z } from 'zod';
import type { Probe } from '../probe.ts';

const params = z.strictObject({});

/** Writes straight into the database of its own place, past the app: the first acknowledged one is a promotion. Its rows are `probe name:number`. */
export const direct: Probe<z.output<typeof params>, 'write', 'append'> = {
  kind: 'direct',
  about: 'writes straight into the database of its own region, so that a promotion is seen the moment it takes a write; good is acked',
  says: 'write',
  params,
  needs: ['append'],
  open: (senses, _params, self) => async (seq, signal) => {
    const write = { writer: self.name, number: seq + 1, attempt: 1 };
    const data = await senses.append({ place: self.place, part: 'database' }, write, { resolver: '', connections: 'reused' }, 'database', signal);
    return data.outcome === 'acked' ? { ok: true, data } : { ok: false, data, error: data.outcome };
  },
};
