import type { Advice } from '../report.ts';
import { number, withUnit } from './say.ts';

/** What a measure is, and what it would be, in a few words: `88.2 s -> 32.3 to 37.3 s`; empty where nothing can be added up. */
export function saySum({ sum }: Advice): string {
  if (!sum) return '';
  const { now, low, high, unit } = sum;
  const least = number(low, unit, 1);
  return `${withUnit(now, unit, 1)} \u2192 ${least === number(high, unit, 1) ? '' : `${least} to `}${withUnit(high, unit, 1)}`;
}

/** What the sums of advice are worth. */
export const aboutAdvice = 'Each from what this run saw. The sums add up settings and what was measured; nobody measured them: run the drill again with the change.';
