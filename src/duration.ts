import { z } from 'zod';

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `250ms`, `1.5s`, `4m`, `1h` as milliseconds; null for anything else: a bare number, a negative, an unknown unit. */
export function parseDuration(text: unknown): number | null {
  const found = typeof text === 'string' ? /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim()) : null;
  return found ? Number(found[1]) * (unitMs[found[2] ?? ''] ?? Number.NaN) : null;
}

/** Milliseconds as people write them: `250ms`, `1.5s`, `4m`. */
export function sayDuration(ms: number): string {
  if (ms < 1_000) return `${ms}ms`;
  return ms % 60_000 === 0 ? `${ms / 60_000}m` : `${ms / 1_000}s`;
}

/** A duration in a file: text with its unit in, milliseconds out. */
export function ms() {
  return z.string().transform((text, context) => {
    const value = parseDuration(text);
    if (value === null) {
      context.addIssue({ code: 'custom', message: `"${text}" is not a duration: write a number and its unit, such as 250ms, 10s or 4m` });
      return z.NEVER;
    }
    return value;
  });
}
