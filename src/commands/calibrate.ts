import { calibrate as plantAndMeasure, wholeCalibration } from '../calibrate/calibrate.ts';
import type { Row } from '../calibrate/row.ts';
import type { Noise } from '../calibrate/zero.ts';
import { exits } from '../errors.ts';
import type { Invocation } from './invocation.ts';

/** `regionfall calibrate`: plants known truths, measures them with the instruments as shipped, and prints a row a kind and the noise floor; missed where any truth lay outside its bounds. */
export async function calibrate(call: Invocation): Promise<number> {
  const { rows, noise } = await plantAndMeasure(wholeCalibration, call.say);
  call.say('');
  call.say(['mode'.padEnd(38), ...['cases', 'misses', 'bias ms', 'at most', 'width ms', 'at most', 'left out'].map((title) => title.padStart(9))].join(''));
  for (const row of rows) call.say(sayRow(row));
  call.say(`\nnoise floor: the most that ${wholeCalibration.noops} drills found in which nothing was broken`);
  for (const one of noise) call.say(sayNoise(one));
  const missed = rows.filter((row) => row.misses > 0);
  const few = rows.filter((row) => row.cases < (row.wanted ?? 1));
  if (missed.length > 0) call.say(`\nnot to be trusted: ${missed.map(({ mode }) => mode).join(', ')}`);
  else if (few.length > 0) call.say(`\nnot decided: too few cases undisturbed in ${few.map(({ mode }) => mode).join(', ')}; run it again on a quieter machine`);
  else call.say('\nevery planted truth lay inside its bounds, and nothing else was found');
  return missed.length > 0 ? exits.missed : few.length > 0 ? exits.inconclusive : exits.pass;
}

function sayRow({ mode, cases, misses, biasMs, mostBiasMs, widthMs, mostWidthMs, disturbed }: Row): string {
  const number = (value: number | null | undefined) => (value === null || value === undefined ? '-' : value.toFixed(0)).padStart(9);
  return [mode.padEnd(38), ...[cases, misses, biasMs, mostBiasMs, widthMs, mostWidthMs, disturbed].map(number)].join('');
}

function sayNoise({ name, unit, value, high }: Noise): string {
  return `${name.padEnd(38)}${value.toString().padStart(9)} ${unit}${high === null || high === value ? '' : `, and never over ${high} ${unit} by its bounds`}`;
}
