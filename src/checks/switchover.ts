import { z } from 'zod';
import type { Check, Ruling } from '../check.ts';
import { ms } from '../duration.ts';
import { markOf, marks, phaseSpan, type History } from '../history.ts';
import { ruleBy, sayMeasure, saySeconds, seconds, worstOf } from '../judge/bounds.ts';
import { standbyOf } from '../topology.ts';
import { measurePause, pausesIn, writerOf } from './moves/pause.ts';

const objective = z.strictObject({ maxPause: ms().optional() });

/** What the finding of `switchover` carries beside its measure; moments in ms since the start of the run. `movedAt`: when the pilot said that it was done. */
export interface Details { readonly writer: string | null; readonly pauses: ReturnType<typeof pausesIn>; readonly movedAt: number | null }

/** What a planned move costs whoever writes. */
export const switchover: Check<z.output<typeof objective>> = {
  kind: 'switchover',
  about: 'measures the pause of writes while the database is handed to the other region as planned, with both regions well',
  measures: ['switchover.pause'],
  objective,
  judge(history, { maxPause }) {
    const pause = measurePause(history, 'switchover.pause', 'switch over');
    const movedAt = movedIn(history);
    const details: Details = { writer: writerOf(history)?.name ?? null, pauses: pausesIn(history, 'switch over'), movedAt };
    const rulings: Ruling[] = maxPause === undefined ? [] : [ruleBy(pause, seconds(maxPause)), ...(movedAt === null ? ['inconclusive' as const] : [])];
    const limit = maxPause === undefined ? '' : `; ${saySeconds(maxPause)} were allowed`;
    const said = pause.value === null ? `The planned move was not measured: ${pause.reason ?? ''}${limit}.` : `Writes (${details.writer ?? ''}) paused for ${sayMeasure(pause)} while the database moved as planned${limit}.`;
    return { ruling: rulings.length === 0 ? 'measured' : worstOf(rulings), because: pause.value !== null && movedAt === null ? `${said} That it moved was not seen.` : said, measures: [pause], details };
  },
};

function movedIn(history: History): number | null {
  const span = phaseSpan(history, 'switch over');
  const mark = span && markOf(history, marks.switchedOver, { subject: standbyOf(history.run.topology).name, since: span.from });
  return mark?.at ?? null;
}
