import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';

/** Where a socket listens or is reached. */
export interface Address { readonly host: string; readonly port: number }

/** `ip:port` as the two; null for anything else. */
export function parseAddress(text: string): Address | null {
  const cut = text.lastIndexOf(':');
  const host = text.slice(0, Math.max(cut, 0));
  const digits = text.slice(cut + 1);
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : Number.NaN;
  return isIP(host) !== 0 && port <= 65_535 ? { host, port } : null;
}

/** A field of a config that is written `ip:port`. */
export const address = z.string().transform((text, context): Address => {
  const parsed = parseAddress(text);
  if (parsed) return parsed;
  context.addIssue({ code: 'custom', message: `"${text}" is not ip:port` });
  return z.NEVER;
});

/** The config in a JSON file; throws an Error whose message names the file and every wrong field. */
export function readConfig<S extends z.ZodType>(schema: S, path: string | undefined): z.output<S> {
  if (path === undefined) throw new Error('usage: node <program>.ts <config.json>');
  const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
