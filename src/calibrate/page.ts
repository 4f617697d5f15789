import { wholeCalibration } from './calibrate.ts';
import { seriesOf } from './harness/noops.ts';
import { parts, type Options, type Part } from './parts.ts';
import { keptResult } from './results.ts';
import { sayPage } from './say-rows.ts';

/** Real worlds on which nothing is broken, fifty times: the page tells of the first where it is missing, and of the second where it is there. */
const worlds = ['embedded', 'kind'] as const;

/** What of a calibration a part goes by. */
export function plantedFor({ by }: Part, options = wholeCalibration): Partial<Options> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => by.includes(name as keyof Options)));
}

/** All that a folder keeps, as a page that says by which command it was written. */
export async function pageOf(dir: string, command: string, options = wholeCalibration): Promise<string> {
  const kept = await Promise.all(parts.map(async (part) => ({ name: part.name, result: await keptResult(dir, part.name, plantedFor(part, options)) })));
  const noops = await Promise.all(worlds.map(async (world) => keptResult(dir, seriesOf(world), { noops: wholeCalibration.noops })));
  const notYet = [...kept.filter(({ result }) => !result).map(({ name }) => name), ...(noops[0] ? [] : [`${seriesOf(worlds[0])} (--noops ${worlds[0]}=${wholeCalibration.noops})`])];
  return sayPage([...kept.map(({ result }) => result), ...noops].filter((result) => result !== null), notYet, command);
}
