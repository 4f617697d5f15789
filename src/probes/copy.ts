import { z } from 'zod';
import type { Probe } from '../probe.ts';

const params = z.strictObject({
  writer: z.string().min(1),
  /** How many of the newest numbers each read asks for: more than are written while the copy lags. */
  window: z.int().min(1).default(1_000),
});

/** Reads a writer's newest numbers straight out of the database of its own place, past the app: what a copy has by now. Good is any whole answer. */
export const copy: Probe<z.output<typeof params>, 'read', 'read'> = {
  kind: 'copy',
  about: 'reads a writer\'s newest numbers out of the database of its own region, so that it is seen how far a copy is behind; good is any whole answer',
  says: 'read',
  params,
  needs: ['read'],
  open(senses, { writer, window }, self) {
    let newest = 0;
    return async (_seq, signal) => {
      const from = Math.max(1, newest - window + 1);
      const data = await senses.read({ place: self.place, part: 'database' }, writer, from, { resolver: '', connections: 'reused' }, signal);
      newest = data.numbers.at(-1)?.[1] ?? from - 1;
      return { ok: true, data };
    };
  },
};
