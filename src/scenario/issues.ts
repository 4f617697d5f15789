import type { z, ZodType } from 'zod';
import type { Problem } from '../errors.ts';
import { nearest, suggest } from '../nearest.ts';
import { examples } from './format.ts';
import type { Path } from './yaml-file.ts';

type Issue = z.core.$ZodIssue;
interface Inside { readonly type: string; readonly shape?: Record<string, ZodType>; readonly innerType?: ZodType; readonly in?: ZodType; readonly valueType?: ZodType; readonly element?: ZodType; readonly options?: readonly ZodType[]; readonly catchall?: ZodType }

/** Where a value comes from: a file that knows its lines, or what has none, such as the command line. */
export interface Owner { readonly file: string; lineOf(path: Path): number | undefined }

/** The place of a problem, with a line where there is one. */
export function placeIn({ file, lineOf }: Owner, path: Path): Pick<Problem, 'file' | 'line'> {
  const line = lineOf(path);
  return { file, ...(line === undefined ? {} : { line }) };
}

/** In one map: where there are more, the file is another kind of file. */
const mostUnknownKeys = 20;

/** What zod found, said to whoever wrote the file: where it stands, what is wrong, what to write instead. `base` is where `value` stands in the file. */
export function problemsOf(issues: readonly Issue[], schema: ZodType, value: unknown, yaml: Owner, base: Path = []): Problem[] {
  return issues.flatMap((issue): Problem[] => {
    const at = (path: Path) => placeIn(yaml, [...base, ...path]);
    if (issue.code === 'unrecognized_keys') {
      const known = keysAt(schema, issue.path);
      const told = issue.keys.slice(0, mostUnknownKeys).map((key) => ({ ...at([...issue.path, key]), message: `unknown key "${key}"${inside([...base, ...issue.path])}`, hint: suggest(key, known, 'keys here are') }));
      const rest = issue.keys.slice(mostUnknownKeys);
      return rest.length === 0 ? told : [...told, { ...at([...issue.path, rest[0] ?? '']), message: `and ${rest.length} more unknown keys${inside([...base, ...issue.path])}`, hint: `keys here are: ${known.join(', ')}` }];
    }
    const got = valueAt(value, issue.path);
    const where = sayPath([...base, ...issue.path]);
    if (got === undefined) return [{ ...at(issue.path), message: `"${String(issue.path.at(-1) ?? 'with')}" is missing${inside([...base, ...issue.path.slice(0, -1)])}`, hint: `write ${String(issue.path.at(-1) ?? 'with')}: ${exampleOf(issue) ?? expected(issue)}` }];
    return [{ ...at(issue.path), message: `${where}: ${sayIssue(issue, got)}`, hint: hintFor(issue, got) }];
  });
}

/** A way into a file as people read it: `break > lose primary > at`, `then > #2`. */
export function sayPath(path: Path): string {
  return path.map((step) => (typeof step === 'number' ? `#${step + 1}` : String(step))).join(' > ');
}

/** The keys that a schema knows at a path; none where it is no map, or takes any key. */
export function keysAt(schema: ZodType, path: Path): string[] {
  const def = insideOf(schema);
  if (def.innerType) return keysAt(def.innerType, path);
  if (def.type === 'pipe' && def.in) return keysAt(def.in, path);
  if (def.options) return def.options.flatMap((option) => keysAt(option, path));
  const [first, ...rest] = path;
  if (first === undefined) return def.shape ? Object.keys(def.shape) : [];
  const next = def.shape && Object.hasOwn(def.shape, first) ? def.shape[String(first)] : (def.valueType ?? def.element ?? def.catchall);
  return next ? keysAt(next, rest) : [];
}

function insideOf(schema: ZodType): Inside {
  return schema.def as unknown as Inside;
}

function inside(path: Path): string {
  return path.length === 0 ? '' : ` in ${sayPath(path)}`;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => (typeof at === 'object' && at !== null && Object.hasOwn(at, step) ? (at as Record<PropertyKey, unknown>)[step] : undefined), value);
}

function sayIssue(issue: Issue, got: unknown): string {
  if (issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'invalid_union') return `${sayValue(got)} should be ${expected(issue)}`;
  if (issue.code === 'too_small' || issue.code === 'too_big') return `${sayValue(got)} is too ${issue.code === 'too_small' ? 'small' : 'big'}: ${expected(issue)}`;
  return issue.message;
}

function expected(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type': return ({ string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false', object: 'a map of keys', record: 'a map of names', array: 'a list' } as Record<string, string>)[issue.expected] ?? issue.expected;
    case 'invalid_value': return issue.values.map(String).join(' or ');
    case 'invalid_union': return [...new Set(issue.errors.flat().map((one) => (one.code === 'custom' ? 'a duration such as 10s' : expected(one))))].join(' or ');
    case 'too_small': return issue.origin === 'string' ? 'at least one character' : issue.origin === 'array' ? `at least ${issue.minimum} entries` : `at least ${issue.minimum}`;
    case 'too_big': return `at most ${issue.maximum}`;
    default: return issue.message;
  }
}

function hintFor(issue: Issue, got: unknown): string {
  if (issue.code === 'invalid_type' && issue.expected === 'string' && typeof got === 'number') return `if it is a duration, write its unit: ${got}s, ${got}ms or ${got}m; else put it in quotes`;
  if (issue.code === 'invalid_value' && typeof got === 'string') {
    const meant = nearest(got, issue.values.map(String));
    if (meant !== null) return `did you mean "${meant}"?`;
  }
  if (issue.code === 'custom') return typeof issue.params?.hint === 'string' ? issue.params.hint : 'durations look like 250ms, 1.5s, 4m';
  const example = exampleOf(issue);
  return `write ${expected(issue)}${example === undefined ? '' : `, such as ${example}`}`;
}

function exampleOf(issue: Issue): string | undefined {
  const key = String(issue.path.at(-1));
  return Object.hasOwn(examples, key) ? examples[key] : undefined;
}

function sayValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'nothing';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? `"${value.length > 60 ? `${value.slice(0, 60)}...` : value}"` : String(value);
}
