import { z } from 'zod';
import type { Probe } from '../probe.ts';

const params = z.strictObject({});

/** Asks the database server of its own place what it says of itself, over one kept connection: a cut does not hide it, and its own looks are no new connections. Good is any whole answer. */
export const server: Probe<z.output<typeof params>, 'server', 'status'> = {
  kind: 'server',
  about: 'asks the database server of its own region what it says of itself: whether commits wait for the replica, and how many connections it was asked for; good is any whole answer',
  says: 'server',
  params,
  needs: ['status'],
  open: (senses, _params, self) => async (_seq, signal) => ({ ok: true, data: await senses.status({ place: self.place, part: 'database' }, signal) }),
};
