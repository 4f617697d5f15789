// A cell of a table of series. Not a bench of its own.
import { measureIn, type Outcome } from '../src/outcome.ts';
import { spreadOf } from '../src/statistics.ts';

/** The median of a measure over runs, with the least and the most: `4.9 s (4.4-5.8)`; what was cut short is "more than". `loss.before` is what was lost and not after the cut. */
export function cell(runs: readonly Outcome[], name: string, places = 1): string {
  const seen = runs.flatMap((run) => {
    if (name === 'loss.before') {
      const [all, after] = [measureIn(run, 'loss.lost')?.value, measureIn(run, 'loss.afterCut')?.value];
      return all == null || after == null ? [] : [{ value: all - after, censored: false }];
    }
    const measure = measureIn(run, name);
    return measure?.value == null ? [] : [{ value: measure.value, censored: measure.censored }];
  });
  const spread = spreadOf(seen);
  if (!spread) return 'none seen';
  const unit = name.startsWith('loss') ? '' : ' s';
  const say = (value: number) => (unit === '' ? value.toLocaleString('en-US') : value.toFixed(places));
  const { median, min, max } = spread;
  return `${median.censored ? '> ' : ''}${say(median.value)}${unit}${say(min.value) === say(max.value) ? '' : ` (${say(min.value)}-${max.censored ? '> ' : ''}${say(max.value)})`}${seen.length === runs.length ? '' : `, ${seen.length} of ${runs.length}`}`;
}
