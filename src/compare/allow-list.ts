import { z } from 'zod';
import type { Problem } from '../errors.ts';
import { suggest } from '../nearest.ts';
import { problemsOf } from '../scenario/issues.ts';
import { readYaml, wrong } from '../scenario/yaml-file.ts';

const text = z.string().trim().min(1);
const entry = z.strictObject({ measure: text, scenario: text.optional(), reason: text, issue: text, until: z.iso.date() });
const format = z.strictObject({ allow: z.array(entry).min(1) });

/** A worsening that is known and allowed: why, where it is being mended, and until which day (ISO 8601, its end in UTC). Without a scenario it is for all. */
export type Allowance = z.output<typeof entry> & { readonly file: string; readonly line: number };

/** Reads an allow-list. Throws one DrillError (`wrong`) with every problem, its line and what to write instead. `measures`: the names that there are. */
export function readAllowList(path: string, measures: readonly string[]): Allowance[] {
  const yaml = readYaml(path, 'allow-list');
  const parsed = format.safeParse(yaml.value);
  if (!parsed.success) throw wrong(problemsOf(parsed.error.issues, format, yaml.value, yaml));
  const unknown = parsed.data.allow.flatMap(({ measure }, index): Problem[] => (measures.includes(measure) ? [] : [{ file: yaml.file, line: yaml.lineOf(['allow', index, 'measure']), message: `there is no measure "${measure}"`, hint: suggest(measure, measures, 'measures are') }]));
  if (unknown.length > 0) throw wrong(unknown);
  return parsed.data.allow.map((one, index) => ({ ...one, file: yaml.file, line: yaml.lineOf(['allow', index]) }));
}

/** What the list says of a measure that became worse: the allowance in force, or the one that has run out; null where it says nothing. `today`: ISO 8601. */
export function allowanceFor(list: readonly Allowance[], measure: string, scenario: string, today: string): { readonly allowance: Allowance; readonly inForce: boolean } | null {
  const found = list.filter((one) => one.measure === measure && (one.scenario === undefined || one.scenario === scenario)).sort((a, b) => b.until.localeCompare(a.until))[0];
  return found ? { allowance: found, inForce: today.slice(0, 10) <= found.until } : null;
}
