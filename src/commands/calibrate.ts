import { calibrate as plantAndMeasure, wholeCalibration, type Row } from '../calibrate/calibrate.ts';
import { exits } from '../errors.ts';
import type { Invocation } from './invocation.ts';

/** `regionfall calibrate`: plants known truths, measures them with the instruments as shipped, and prints a row a kind; missed where any truth lay outside its bounds. */
export async function calibrate(call: Invocation): Promise<number> {
  const rows = await plantAndMeasure(wholeCalibration, call.say);
  call.say('');
  call.say(['mode'.padEnd(34), ...['cases', 'misses', 'bias ms', 'width ms', 'left out'].map((title) => title.padStart(9))].join(''));
  for (const row of rows) call.say(sayRow(row));
  const missed = rows.filter((row) => row.misses > 0);
  const few = rows.filter((row) => row.cases < wholeCalibration.cases);
  if (missed.length > 0) call.say(`\nnot to be trusted: ${missed.map(({ mode }) => mode).join(', ')}`);
  else if (few.length > 0) call.say(`\nnot decided: too few cases undisturbed in ${few.map(({ mode }) => mode).join(', ')}; run it again on a quieter machine`);
  else call.say('\nevery planted truth lay inside its bounds, and nothing else was found');
  return missed.length > 0 ? exits.missed : few.length > 0 ? exits.inconclusive : exits.pass;
}

function sayRow({ mode, cases, misses, biasMs, widthMs, disturbed }: Row): string {
  const number = (value: number | null | undefined) => (value === null || value === undefined ? '-' : value.toFixed(0)).padStart(9);
  return [mode.padEnd(34), number(cases), number(misses), number(biasMs), number(widthMs), number(disturbed)].join('');
}
