import { z } from 'zod';
import { address } from '../config.ts';

const account = z.strictObject({ user: z.string().min(1), password: z.string() });
const database = z.strictObject({ region: z.string().min(1), host: z.string().min(1), port: z.int().min(1).max(65_535), role: z.enum(['primary', 'standby']) });
const ms = z.number().positive();

/** One region's database as it was meant at the start; `role` says which region it falls back to. */
export type Database = Readonly<z.output<typeof database>>;

/** What the pilot is told. `degradeMs` null: a commit waits for its replica without end. Times in milliseconds. */
export const configSchema = z.strictObject({
  /** `ip:port`, or the path of a Unix socket: an operator's console that needs no network. */
  listen: z.union([z.string().startsWith('/'), address]),
  /** Source address of every connection the pilot makes itself. */
  from: z.string().min(1),
  databases: z.array(database).length(2).refine((all) => all.filter((one) => one.role === 'primary').length === 1, 'one primary and one standby are needed'),
  admin: account,
  replication: account,
  gslb: address,
  schema: z.string().regex(/^\w+$/),
  engine: z.enum(['mariadb', 'mysql']).default('mariadb'),
  mode: z.enum(['async', 'semi-sync']),
  degradeMs: ms.nullable(),
  waitPoint: z.enum(['after-sync', 'after-commit']),
  netTimeoutMs: ms,
  heartbeatMs: ms,
  decide: z.enum(['automatic', 'manual', 'runbook']),
  /** Shell that promotes in the pilot's stead. */
  runbook: z.string(),
  /** How long the person who is asked takes to say yes. */
  personMs: ms,
  fence: z.enum(['attempt', 'require', 'lease']),
  leaseMs: ms,
  observeMs: ms,
  misses: z.int().min(1),
  drainTimeoutMs: ms,
  /** Whom it asks whether they see the primary before it calls it dead. */
  witnesses: z.array(z.strictObject({ name: z.string().min(1), address })).default([]),
  evidenceDir: z.string().min(1),
});
/** The config as every part of the pilot reads it. */
export type Config = z.output<typeof configSchema>;
