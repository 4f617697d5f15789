import { z } from 'zod';
import { address } from '../config.ts';

const dnsName = z.string().regex(/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i, 'not a DNS name').transform((name) => name.toLowerCase());
const ms = z.number().min(0);

/** What an authoritative server is told: what it serves comes later, by its control API. `nameservers` become NS records and their glue. */
export const authoritySchema = z.strictObject({
  name: z.string().min(1),
  listen: address,
  control: address,
  zone: dnsName,
  nameservers: z.array(z.strictObject({ name: dnsName, address: z.ipv4() })).min(1),
});
export type AuthorityConfig = z.output<typeof authoritySchema>;

/** What the global load balancer is told. `endpoint` is what checkers connect to, `address` what users are given. */
export const gslbSchema = z.strictObject({
  control: address,
  checkers: z.array(z.strictObject({ name: z.string().min(1), address: z.ipv4() })).min(1),
  /** With weights, on all or on none, every healthy region is answered in proportion to its own, and roles mean nothing. */
  regions: z.array(z.strictObject({ name: z.string().min(1), role: z.enum(['primary', 'standby']), endpoint: address, address: z.ipv4(), weight: z.int().min(0).max(255).optional() }))
    .min(1).refine((regions) => regions.filter((region) => region.role === 'primary').length === 1, 'exactly one region is the primary')
    .refine((regions) => regions.every((region) => (region.weight === undefined) === (regions[0]?.weight === undefined)), 'either all regions have a weight or none has'),
  service: z.strictObject({ name: dnsName, ttlMs: ms }),
  database: z.strictObject({ name: dnsName, ttlMs: ms }),
  path: z.string().startsWith('/'),
  intervalMs: z.number().positive(),
  threshold: z.int().min(1).max(10),
  quorumPct: z.number().min(0).max(100),
  connectTimeoutMs: z.number().positive(),
  responseTimeoutMs: z.number().positive(),
  negativeTtlMs: ms,
  publishDelayMs: ms,
  failback: z.enum(['latched', 'automatic']),
  authorities: z.array(address).min(1),
  /** `when asked`: not before POST /check, so that a system still being put up is not found dead. */
  checks: z.enum(['at once', 'when asked']).default('at once'),
});
export type GslbConfig = z.output<typeof gslbSchema>;

/** All records of a zone at one serial, as they are handed to an authority. TTLs in milliseconds. `weights`, one an address: each answer gives one address, picked by them. */
export const zoneSchema = z.strictObject({
  serial: z.int().min(1).max(0xffff_ffff),
  records: z.record(dnsName, z.strictObject({ addresses: z.array(z.ipv4()), weights: z.array(z.int().min(0)).optional(), ttl: ms })),
  negativeTtl: ms,
});
export type Zone = z.output<typeof zoneSchema>;
