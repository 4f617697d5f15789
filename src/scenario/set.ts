import { parse } from 'yaml';
import { DrillError, type Problem } from '../errors.ts';
import { suggest } from '../nearest.ts';
import { settingsSchema } from '../topology.ts';
import { keysAt } from './issues.ts';

/** A setting that was chosen on the command line, over the scenario's and the system's own. `said`: `database.engine=mysql`. */
export interface Chosen { readonly said: string; readonly path: readonly [group: string, name: string]; readonly value: unknown }

/** What `--set` was given each time: a setting by the name that plans print, `=`, and a value as a file would have it. Throws one DrillError (`wrong`) with every problem; the values themselves are looked at with the scenario's. */
export function readChosen(words: readonly string[]): Chosen[] {
  const problems: Problem[] = [];
  const chosen = words.flatMap((said): Chosen[] => {
    const refuse = (message: string, hint: string) => { problems.push({ file: `--set ${said}`, message, hint }); return []; };
    const [, name = '', text = ''] = /^([^=]*)=(.*)$/s.exec(said) ?? [];
    if (name === '') return refuse('this is no setting and its value', 'write --set database.engine=mysql');
    if (!settingNames.includes(name)) return refuse(`there is no setting "${name}"`, hintFor(name));
    const value = valueOf(text);
    if (value === undefined) return refuse(`${text === '' ? 'there is no value' : `"${text}" is not YAML`}`, `write --set ${name}=... with a value as clusters/active-passive.yaml has it`);
    const [group = '', last = ''] = name.split('.');
    return [{ said, path: [group, last], value }];
  });
  chosen.forEach(({ said, path }, index) => {
    const earlier = chosen.slice(0, index).find((one) => one.path.join('.') === path.join('.'));
    if (earlier) problems.push({ file: `--set ${said}`, message: `${path.join('.')} was set already: ${earlier.said}`, hint: 'keep one of the two' });
  });
  if (problems.length > 0) throw new DrillError('wrong', problems);
  return chosen;
}

/** What was chosen, as the `settings` of a file would have it. */
export function settingsOf(chosen: readonly Chosen[]): Record<string, Record<string, unknown>> {
  const settings: Record<string, Record<string, unknown>> = {};
  for (const { path: [group, name], value } of chosen) settings[group] = { ...settings[group], [name]: value };
  return settings;
}

/** Every setting by its name: `database.engine`. */
export const settingNames: readonly string[] = keysAt(settingsSchema, []).flatMap((group) => keysAt(settingsSchema, [group]).map((name) => `${group}.${name}`));

function hintFor(name: string): string {
  const elsewhere = settingNames.filter((known) => known.endsWith(`.${name}`));
  if (elsewhere.length > 0) return `did you mean "${elsewhere.join('" or "')}"?`;
  const [group = ''] = name.split('.');
  const near = settingNames.filter((known) => known.startsWith(`${group}.`));
  return suggest(name, near.length > 0 ? near : settingNames, 'settings are');
}

function valueOf(text: string): unknown {
  // An empty text is a value only where it is written as one: ''.
  if (text.trim() === '') return undefined;
  try { return parse(text, { logLevel: 'error' }) as unknown; } catch { return undefined; }
}
