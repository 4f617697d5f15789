import type { Gate } from '../gate.ts';
import { samplesOf, type Sample } from '../../history.ts';
import { blindOf, measuredSpan, telling } from '../looks.ts';

/** The probe of this name looks at a point that no lever can touch. */
export const controlProbe = 'control';

/** Looks at the control point were good from the baseline to the end: else what went bad may have been the network, the machine or the instrument. There is no grace: no look of it may be bad. */
export const controlPath: Gate = {
  name: 'control path',
  judge(history) {
    const probe = history.run.probes.find(({ name }) => name === controlProbe);
    if (!probe) return { holds: false, because: 'No control path was watched: an outage cannot be told from trouble of the instrument.', measures: [] };
    const { from } = measuredSpan(history);
    const looks = telling(samplesOf(history, probe.says, probe.name) as Sample[], Number.POSITIVE_INFINITY, blindOf(history, probe)).filter(({ started }) => started >= from);
    const bad = looks.filter(({ ok }) => !ok);
    if (looks.length === 0) return { holds: false, because: 'The control path told nothing.', measures: [] };
    if (bad.length === 0) return { holds: true, because: `All ${looks.length} looks at the control point were answered.`, measures: [] };
    const [first] = bad;
    return { holds: false, because: `${bad.length} of ${looks.length} looks at the control point, which no fault can touch, were bad (first at ${((first?.started ?? 0) / 1_000).toFixed(1)} s: ${first?.error ?? 'not good'}): what else went bad proves nothing.`, measures: [] };
  },
};
