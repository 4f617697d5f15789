import { z } from 'zod';
import { address } from '../config.ts';

/** What one region's app is told. `reads: local` reads this region's own database, `primary` the one that takes writes. */
export const appSchema = z.strictObject({
  region: z.string().min(1),
  listen: address,
  /** The address that its own connections and questions leave from; whatever the system picks where left out. */
  from: z.ipv4().optional(),
  resolver: address,
  database: z.strictObject({ name: z.string().min(1), port: z.int().min(1).max(65_535), user: z.string(), password: z.string(), schema: z.string().min(1) }),
  local: z.strictObject({ host: z.string().min(1), port: z.int().min(1).max(65_535) }),
  health: z.enum(['shallow', 'deep']),
  pool: z.int().min(1).max(200),
  /** Whether the database's name is asked for each connection, or once, when the app starts. */
  pinning: z.enum(['connection', 'address']).default('connection'),
  connectTimeoutMs: z.number().positive(),
  queryTimeoutMs: z.number().positive(),
  reads: z.enum(['primary', 'local']),
});
export type AppConfig = z.output<typeof appSchema>;
