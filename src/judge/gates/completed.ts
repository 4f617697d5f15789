import type { Gate } from '../gate.ts';

/** The drill went through all its phases; where it did not, its last remark says why. */
export const completed: Gate = {
  name: 'completed',
  judge(history) {
    if (history.status === 'completed') return { holds: true, because: 'The drill went through all its phases.', measures: [] };
    const last = history.entries.findLast((entry) => entry.kind === 'note' && entry.by === undefined);
    return { holds: false, because: `The drill was ${history.status}${last?.kind === 'note' ? `: ${last.text}` : ' and left no remark why'}.`, measures: [] };
  },
};
