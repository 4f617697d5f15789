import { basename } from 'node:path';
import type { Problem } from './errors.ts';
import { problemsOf, sayPath } from './scenario/issues.ts';
import { namePattern, scenarioFormat, standIns, standInTimes, type ScenarioFormat, type Step } from './scenario/format.ts';
import { findScenario } from './scenario/find.ts';
import type { Chosen } from './scenario/set.ts';
import { readYaml, wrong, type Path, type YamlFile } from './scenario/yaml-file.ts';

type With = Readonly<Record<string, unknown>>;
/** A probe that a scenario asks for, not yet bound to a kind. `worlds`: where not in all. */
export interface WatchEntry { readonly name: string; readonly probe: string; readonly from: string; readonly everyMs: number; readonly timeoutMs: number; readonly worlds?: readonly string[]; readonly with: With }
/** A fault that a scenario asks for, not yet bound to a kind. `untilMs` null: until recovered. */
export interface BreakEntry { readonly name: string; readonly fault: string; readonly atMs: number; readonly untilMs: number | null; readonly atMostMs: number | null; readonly with: With }
/** A check or gate that a scenario asks for, not yet bound to a kind. */
export interface CheckEntry { readonly name: string; readonly check: string; readonly with: With }

/** What a scenario file says, in ms and lists; where everything stands in it. Nothing is bound yet. `impact` undefined: not said. */
export interface Scenario {
  readonly name: string;
  readonly path: string;
  readonly title: string;
  readonly predicts: string;
  /** How many runs make a series; 1 where nothing is said: one run. */
  readonly repeat: number;
  readonly system: string;
  readonly settings: With;
  /** What was chosen on the command line, over `settings`. */
  readonly chosen?: readonly Chosen[];
  readonly client: { readonly at: string; readonly resolver: string; readonly connections: 'new' | 'reused'; readonly probes?: readonly string[] };
  readonly stableMs: number;
  readonly baselineMs: number;
  readonly before: readonly CheckEntry[];
  readonly watch: readonly WatchEntry[];
  readonly break: readonly BreakEntry[];
  readonly then: readonly Step[];
  readonly expect: readonly CheckEntry[];
  readonly impact: string | null | undefined;
  readonly yaml: Pick<YamlFile, 'file' | 'lineOf'>;
}

/** A scenario as far as it can be understood, and what is wrong with the rest. `mended`: paths (`watch > writer`) where a stand-in is in place of what was wrong, so that nothing more is said of it. */
export interface Sketch { readonly scenario: Scenario | null; readonly problems: readonly Problem[]; readonly mended: ReadonlySet<string> }

/** Reads a scenario file, or a shipped scenario by its name. Rejects with one DrillError (`wrong`) that has every problem, each with file, line and hint. */
export async function readScenario(pathOrName: string): Promise<Scenario> {
  const { scenario, problems } = sketchScenario(pathOrName);
  if (problems.length > 0 || !scenario) throw wrong(problems);
  return scenario;
}

/** Reads what can be read, for those who want to add problems of their own to those of the file. Throws a DrillError (`wrong`) where it is no map of keys at all. */
export function sketchScenario(pathOrName: string): Sketch {
  const path = findScenario(pathOrName);
  const yaml = readYaml(path, 'scenario');
  const parsed = scenarioFormat.safeParse(yaml.value);
  const names = badNames(yaml);
  if (parsed.success) return { scenario: scenarioOf(parsed.data, path, yaml), problems: names, mended: new Set() };
  const { value, mended } = mend(yaml.value, parsed.error.issues);
  const again = scenarioFormat.safeParse(value);
  const problems = [...problemsOf(parsed.error.issues, scenarioFormat, yaml.value, yaml), ...names];
  return { scenario: again.success ? scenarioOf(again.data, path, yaml) : null, problems, mended };
}

function scenarioOf(format: ScenarioFormat, path: string, yaml: YamlFile): Scenario {
  const { impact, ...expect } = format.expect ?? {};
  return {
    name: basename(path).replace(/\.ya?ml$/, ''),
    path,
    title: format.title,
    predicts: (format.predicts ?? '').trim(),
    repeat: format.repeat ?? 1,
    system: format.system,
    settings: format.settings ?? {},
    client: { at: format.client.at, resolver: format.client.resolver, connections: format.client.connections, ...(format.client.probes ? { probes: format.client.probes } : {}) },
    stableMs: format.stable,
    baselineMs: format.baseline,
    before: checksOf(format.before ?? {}),
    watch: Object.entries(format.watch).map(([name, entry]) => ({ name, probe: entry.probe, from: entry.from, everyMs: entry.every, timeoutMs: entry.timeout, ...(entry.worlds ? { worlds: entry.worlds } : {}), with: entry.with ?? {} })),
    break: Object.entries(format.break ?? {}).map(([name, entry]) => ({
      name, fault: entry.fault, atMs: entry.at, untilMs: entry.until === 'recovered' ? null : entry.until, atMostMs: entry['at most'] ?? null, with: entry.with ?? {},
    })),
    then: format.then ?? [],
    expect: checksOf(expect),
    impact: impact === 'none' ? null : impact,
    yaml: { file: yaml.file, lineOf: yaml.lineOf },
  };
}

function checksOf(entries: Readonly<Record<string, { readonly check: string; readonly with?: With | null | undefined }>>): CheckEntry[] {
  return Object.entries(entries).map(([name, entry]) => ({ name, check: entry.check, with: entry.with ?? {} }));
}

const named = ['before', 'watch', 'break', 'expect'];

function badNames(yaml: YamlFile): Problem[] {
  return named.flatMap((section) => Object.keys(mapOf(yaml.value[section])).flatMap((name): Problem[] => {
    const at = { file: yaml.file, line: yaml.lineOf([section, name]) };
    if (!namePattern.test(name)) return [{ ...at, message: `"${name.slice(0, 60)}" in ${section} is not a name`, hint: 'a name is at most 40 letters, digits, spaces, - and _, and begins with a letter or a digit' }];
    if (section === 'break' && name === 'none') return [{ ...at, message: 'a fault cannot be called "none"', hint: '"impact: none" says that nobody is expected to notice; choose another name' }];
    return [];
  }));
}

/** Puts stand-ins where issues are: unknown keys go, wrong times of an entry are replaced together, other wrong entries go whole, wrong sections become empty. */
function mend(value: Readonly<Record<string, unknown>>, issues: readonly { readonly code: string; readonly path: Path; readonly keys?: readonly string[] }[]): { value: unknown; mended: Set<string> } {
  const copy = structuredClone(value) as Record<string, unknown>;
  const mended = new Set<string>();
  for (const issue of issues) {
    const [section, name, key] = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      const map = mapOf(issue.path.reduce<unknown>((at, step) => mapOf(at)[String(step)], copy));
      for (const unknown of issue.keys ?? []) Reflect.deleteProperty(map, unknown);
      continue;
    }
    if (section === undefined) continue;
    const times = standInTimes[section];
    mended.add(sayPath(named.includes(section) && name !== undefined ? [section, name] : [section]));
    if (times && name !== undefined && key !== undefined && Object.hasOwn(times, key)) Object.assign(mapOf(mapOf(copy[section])[name]), times);
    else if (named.includes(section) && name !== undefined) Reflect.deleteProperty(mapOf(copy[section]), name);
    else copy[section] = (standIns as Record<string, unknown>)[section];
  }
  return { value: copy, mended };
}

function mapOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
