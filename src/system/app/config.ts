import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';

/** Where a socket listens or is reached. */
export interface Address { readonly host: string; readonly port: number }

function address() {
  return z.string().transform((text, context): Address => {
    const cut = text.lastIndexOf(':');
    const host = text.slice(0, cut);
    const port = Number(text.slice(cut + 1));
    if (isIP(host) !== 0 && Number.isInteger(port) && port >= 0 && port <= 65_535) return { host, port };
    context.addIssue({ code: 'custom', message: `"${text}" is not ip:port` });
    return z.NEVER;
  });
}

/** What one region's app is told. `reads: local` reads this region's own database, `primary` the one that takes writes. */
export const appSchema = z.strictObject({
  region: z.string().min(1),
  listen: address(),
  /** The address that its own connections and questions leave from; whatever the system picks where left out. */
  from: z.ipv4().optional(),
  resolver: address(),
  database: z.strictObject({ name: z.string().min(1), port: z.int().min(1).max(65_535), user: z.string(), password: z.string(), schema: z.string().min(1) }),
  local: z.strictObject({ host: z.string().min(1), port: z.int().min(1).max(65_535) }),
  health: z.enum(['shallow', 'deep']),
  pool: z.int().min(1).max(200),
  connectTimeoutMs: z.number().positive(),
  queryTimeoutMs: z.number().positive(),
  reads: z.enum(['primary', 'local']),
});
export type AppConfig = z.output<typeof appSchema>;

/** The config in a JSON file; throws an Error whose message names the file and every wrong field. */
export function readConfig<S extends z.ZodType>(schema: S, path: string | undefined): z.output<S> {
  if (path === undefined) throw new Error('usage: node <program>.ts <config.json>');
  const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
