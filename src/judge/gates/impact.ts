import type { Gate } from '../gate.ts';
import { timeZero } from '../../history.ts';
import { followClient } from '../recovery.ts';

/** Where the scenario expects users to notice the fault, the reference client had at least one bad look between fault and heal. */
export const impact: Gate = {
  name: 'impact',
  judge(history) {
    const { impact: expected, client } = history.run;
    if (expected === null) return { holds: true, because: 'The scenario expects users to notice nothing.', measures: [] };
    const zero = timeZero(history, expected);
    if (!zero) return { holds: false, because: `Users were expected to notice "${expected}", which was not proven.`, measures: [] };
    const { bad } = followClient(history, zero.low);
    const noticed = Object.entries(bad).filter(([, count]) => count > 0);
    if (noticed.length > 0) return { holds: true, because: `The reference client noticed "${expected}": ${noticed.map(([probe, count]) => `${count} bad looks of ${probe}`).join(', ')}.`, measures: [] };
    return { holds: false, because: `"${expected}" was proven, yet the reference client (${client.probes.join(', ')}) had not one bad look: it does not use what was broken, or the scenario breaks the wrong thing.`, measures: [] };
  },
};
