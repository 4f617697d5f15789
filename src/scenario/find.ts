import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { suggest } from '../nearest.ts';
import { namesIn, shipped } from '../shipped.ts';
import { nameOf, wrong } from './yaml-file.ts';

/** The file that a person means by a path, or by a bare name: `scenarios/<name>.yaml` where they stand, then the shipped one. Throws a DrillError (`wrong`) that names what there is. */
export function findScenario(pathOrName: string): string {
  const folders = [resolve('scenarios'), shipped('scenarios')];
  const candidates = isBare(pathOrName) ? [...folders.map((folder) => join(folder, `${pathOrName}.yaml`)), resolve(pathOrName)] : [resolve(pathOrName)];
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  const names = [...new Set(folders.flatMap(namesIn))].sort();
  throw wrong([{ ...(isBare(pathOrName) ? {} : { file: nameOf(resolve(pathOrName)) }), message: `there is no scenario "${pathOrName}"`, hint: suggest(basename(pathOrName, '.yaml'), names, 'scenarios are') }]);
}

/** The file of a system that a scenario names: a path from the scenario's own folder, or a bare name in a `clusters/` beside that folder, then the shipped one. Null where there is none; `names` are those that there are. */
export function findSystem(system: string, scenarioPath: string): { readonly path: string | null; readonly names: readonly string[] } {
  const folders = [join(dirname(scenarioPath), '..', 'clusters'), shipped('clusters')];
  const candidates = isBare(system) ? folders.map((folder) => join(folder, `${system}.yaml`)) : [resolve(dirname(scenarioPath), system)];
  return { path: candidates.find((path) => existsSync(path)) ?? null, names: [...new Set(folders.flatMap(namesIn))].sort() };
}

function isBare(name: string): boolean {
  return !name.includes('/') && !/\.ya?ml$/.test(name);
}
