import { DrillError } from '../errors.ts';
import { readChosen } from '../scenario/set.ts';
import type { Options } from './invocation.ts';

/** The folder into which runs go unless another is named. */
export const defaultOut = 'reports';

/** Every option of every command, as `parseArgs` reads them. */
export const optionTable = {
  on: { type: 'string' }, out: { type: 'string' }, images: { type: 'string' }, keep: { type: 'boolean' }, yes: { type: 'boolean', short: 'y' }, help: { type: 'boolean', short: 'h' },
  repeat: { type: 'string' }, turns: { type: 'string' }, series: { type: 'string' }, seed: { type: 'string' }, label: { type: 'string' }, set: { type: 'string', multiple: true },
  margin: { type: 'string' }, allow: { type: 'string' }, reports: { type: 'string' }, only: { type: 'string' }, noops: { type: 'string' }, lock: { type: 'string' }, table: { type: 'string' }, nights: { type: 'string' },
} as const;

type Values = { readonly [K in keyof typeof optionTable]?: (typeof optionTable)[K] extends { readonly multiple: true } ? readonly string[] : (typeof optionTable)[K]['type'] extends 'boolean' ? boolean : string };

/** The options as commands know them. Throws a DrillError (`wrong`) that names the one which cannot be. */
export function readOptions(values: Values, env: Readonly<Record<string, string | undefined>> = process.env): Options {
  const { on, out, series, seed, label, allow, reports, lock, table } = values;
  const repeat = readNumber('repeat', values.repeat, 1, 999);
  const turns = readNumber('turns', values.turns, 0, 999);
  const marginPct = readNumber('margin', values.margin, 0, 1_000);
  const nights = readNumber('nights', values.nights, 0, 100_000);
  if (series !== undefined && !/^\w[\w.-]{0,79}$/.test(series)) throw new DrillError('wrong', { message: `--series ${series}: this cannot be the name of a folder`, hint: 'letters, digits, dots, - and _; at most 80' });
  return {
    chosen: readChosen(values.set ?? []), on, out: out ?? defaultOut, outGiven: out !== undefined, keep: values.keep ?? false, yes: values.yes ?? env['CI'] === 'true',
    ...(repeat === undefined ? {} : { repeat }), ...(turns === undefined ? {} : { turns }), ...(series === undefined ? {} : { series }), ...(seed === undefined ? {} : { seed }), ...(label === undefined ? {} : { label }),
    ...(marginPct === undefined ? {} : { marginPct }), ...(allow === undefined ? {} : { allow }), ...(reports === undefined ? {} : { reports }), ...(nights === undefined ? {} : { nights }),
    ...(values.only === undefined ? {} : { only: values.only.split(',').map((word) => word.trim()).filter((word) => word !== '') }), ...(values.noops === undefined ? {} : { noops: readNoops(values.noops) }), ...(lock === undefined ? {} : { lock }), ...(table === undefined ? {} : { table }),
  };
}

function readNoops(text: string): NonNullable<Options['noops']> {
  const [, world, times] = /^([a-z]+)=(\d{1,3})$/.exec(text) ?? [];
  if (world === undefined || Number(times) < 1) throw new DrillError('wrong', { message: `--noops ${text}: not a world and how often`, hint: 'such as --noops embedded=50' });
  return { world, times: Number(times) };
}

function readNumber(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new DrillError('wrong', { message: `--${name} ${text}: not a whole number from ${least} to ${most}`, hint: `such as --${name} 9` });
}
