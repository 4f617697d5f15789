import type { ZodType } from 'zod';
import { sayDuration } from '../duration.ts';

interface Inside { readonly type: string; readonly shape?: Readonly<Record<string, ZodType>>; readonly innerType?: ZodType; readonly in?: ZodType; readonly options?: readonly ZodType[] }

/** A parsed value as people would write it in a file, durations with their units again: `{ max: 2m }`. Without a schema no number is taken for a duration. */
export function spellOut(value: unknown, schema?: ZodType): string {
  if (typeof value === 'number') return schema && isDuration(schema) ? sayDuration(value) : String(value);
  if (Array.isArray(value)) return `[${value.map((one) => spellOut(one)).join(', ')}]`;
  if (typeof value === 'string') return sayText(value);
  if (typeof value !== 'object' || value === null) return value === null ? 'none' : String(value);
  const pairs = Object.entries(value).map(([key, one]) => `${key}: ${spellOut(one, schema && shapeOf(schema)?.[key])}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

/** The same, a line for each value that is no map, with its path: `dns.interval: 10s`. */
export function spellLines(value: object, schema: ZodType, above = ''): string[] {
  return Object.entries(value).flatMap(([key, one]) => {
    const inner = shapeOf(schema)?.[key];
    const path = `${above}${key}`;
    return inner && typeof one === 'object' && one !== null && !Array.isArray(one) ? spellLines(one as object, inner, `${path}.`) : [`${path}: ${spellOut(one, inner)}`];
  });
}

function sayText(text: string): string {
  if (text === '') return "''";
  return text.includes('\n') ? `|\n${text.trimEnd().split('\n').map((line) => `      ${line}`).join('\n')}` : text;
}

function shapeOf(schema: ZodType): Readonly<Record<string, ZodType>> | undefined {
  const def = schema.def as unknown as Inside;
  if (def.innerType) return shapeOf(def.innerType);
  return def.shape;
}

// What is text in the file and a number after it is a duration: nothing else in the formats is.
function isDuration(schema: ZodType): boolean {
  const def = schema.def as unknown as Inside;
  if (def.innerType) return isDuration(def.innerType);
  if (def.options) return def.options.some(isDuration);
  return def.type === 'pipe' && def.in !== undefined && (isDuration(def.in) || (def.in.def as unknown as Inside).type === 'string');
}
