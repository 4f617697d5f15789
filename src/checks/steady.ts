import { z } from 'zod';
import { counted, sayMeasure, missing } from '../judge/bounds.ts';
import type { Check } from '../check.ts';
import { ms } from '../duration.ts';
import { phaseSpan, samplesOf, type Sample } from '../history.ts';
import { blindOf, telling } from '../judge/looks.ts';

const phases = ['baseline', 'break', 'heal', 'switch over', 'rejoin', 'fail back'] as const;
const objective = z.strictObject({ probe: z.string().min(1), minOkPct: z.number().min(0).max(100), over: ms().optional(), during: z.enum(phases).default('baseline') });
type Objective = z.output<typeof objective>;

/** Whether enough looks of a probe were good in a phase (the baseline, unless it says otherwise), or in the last `over` ms of it. A count, so its bounds are itself. */
export const steady: Check<Objective> = {
  kind: 'steady',
  about: 'asks that enough looks of a probe are good before anything is broken, or in another phase',
  measures: ['steady.ok'],
  objective,
  judge(history, { probe, minOkPct, over, during }) {
    const named = history.run.probes.filter(({ name }) => name === probe || name.startsWith(`${probe}@`));
    const span = phaseSpan(history, during);
    const looks = span ? named.flatMap((one) => telling(samplesOf(history, one.says, one.name) as Sample[], span.to, blindOf(history, one)).filter(({ started }) => started >= span.from)) : [];
    const last = looks.reduce((latest, look) => Math.max(latest, look.started), 0);
    const from = over === undefined || !span ? 0 : (Number.isFinite(span.to) ? span.to : last) - over;
    const judged = looks.filter(({ started }) => started >= from);
    if (judged.length === 0) {
      const reason = named.length === 0 ? `"${probe}" is not watched` : span ? `"${probe}" told nothing in phase ${during}` : `there was no phase ${during}`;
      return { ruling: 'inconclusive', because: `Whether ${probe} was steady is not known: ${reason}.`, measures: [missing('steady.ok', '%', reason)] };
    }
    const good = judged.filter(({ ok }) => ok).length;
    const measure = counted('steady.ok', '%', (100 * good) / judged.length, judged.length);
    const errors = [...new Set(judged.filter(({ ok }) => !ok).map(({ error }) => error ?? 'not good'))];
    const wrong = errors.length === 0 ? '' : ` (${errors.slice(0, 3).join('; ')})`;
    return { ruling: (measure.value ?? 0) >= minOkPct ? 'pass' : 'fail', because: `${good} of ${judged.length} looks of ${probe} were good in phase ${during}, ${sayMeasure(measure)}; ${minOkPct} % were asked${wrong}.`, measures: [measure] };
  },
};
