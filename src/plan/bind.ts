import type { ZodType } from 'zod';
import type { Problem } from '../errors.ts';
import { keysAt, problemsOf } from '../scenario/issues.ts';
import { suggest } from '../nearest.ts';
import type { Catalogue } from './bound.ts';
import type { Scenario } from '../scenario.ts';
import type { Topology } from '../topology.ts';
import type { Path } from '../scenario/yaml-file.ts';
import type { Provider } from '../world.ts';

/** What a world offers, as far as a plan must know it. */
export type Offer = Pick<Provider, 'name' | 'levers' | 'senses' | 'adapt' | 'refuses' | 'cannot' | 'outsideOnly'>;

/** What a scenario is bound to, and where its problems go: each is noted once, and nothing stops at the first. */
export interface Binding {
  readonly scenario: Scenario;
  readonly topology: Topology;
  readonly catalogue: Catalogue;
  readonly offer: Offer;
  /** Paths that are wrong already and hold a stand-in: nothing more is said of them. */
  readonly mended: ReadonlySet<string>;
  readonly problems: Problem[];
}

/** Notes a problem at a path of the scenario's file. */
export function refuse(binding: Binding, path: Path, message: string, hint: string): void {
  const { file, lineOf } = binding.scenario.yaml;
  binding.problems.push({ file, line: lineOf(path), message, hint });
}

/** The kind of a name, or undefined with a problem that says what there is. */
export function kindOf<K extends { readonly kind: string }>(binding: Binding, kinds: readonly K[], name: string, noun: string, path: Path): K | undefined {
  const found = kinds.find((kind) => kind.kind === name);
  if (!found) refuse(binding, path, `unknown ${noun} "${name}"`, suggest(name, kinds.map((kind) => kind.kind), `${noun}s are`));
  return found;
}

/** The `with` of an entry as its kind understands it, defaults filled in; undefined with problems where it does not. */
export function bindWith(binding: Binding, entry: Path, schema: ZodType, raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data as Record<string, unknown>;
  binding.problems.push(...problemsOf(parsed.error.issues, schema, raw, binding.scenario.yaml, [...entry, 'with']));
  return undefined;
}

/** Whether a kind's params have a key. */
export function takes(schema: ZodType, key: string): boolean {
  return keysAt(schema, []).includes(key);
}

/** Notes a problem where `name` is not one of `known`. */
export function mustBeOneOf(binding: Binding, name: string, known: readonly string[], noun: string, path: Path): boolean {
  if (known.includes(name)) return true;
  refuse(binding, path, `there is no ${noun} "${name}"`, suggest(name, known, `${noun}s are`));
  return false;
}
