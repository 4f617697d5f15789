import type { Gate } from '../gate.ts';
import { phaseSpan, type FaultEntry, type FaultState, type History } from '../../history.ts';

/** Every fault of the run was pulled and seen to bite, and seen to be gone once it was healed. What was expected and what was seen is told in the words of the looks. */
export const faultProven: Gate = {
  name: 'fault proven',
  judge(history) {
    const { faults } = history.run;
    if (faults.length === 0) return { holds: true, because: 'Nothing was to be broken, and nothing was.', measures: [] };
    const wrong = faults.flatMap(({ name }) => doubt(history, name) ?? []);
    if (wrong.length > 0) return { holds: false, because: wrong.join(' '), measures: [] };
    const healed = phaseSpan(history, 'heal') ? ', and was seen to be gone after the heal' : '';
    return { holds: true, because: `${faults.map(({ name }) => sayProven(history, name)).join(' and ')}${healed}.`, measures: [] };
  },
};

function doubt(history: History, name: string): string | null {
  const states = history.entries.filter((entry): entry is FaultEntry => entry.kind === 'fault' && entry.name === name);
  const of = (state: FaultState) => states.find((entry) => entry.state === state);
  if (states.length === 0) return `"${name}" was never pulled.`;
  const proven = of('proven');
  if (!of('injected') || !proven) {
    const told = of('unproven') ?? of('failed') ?? states.at(-1);
    return `"${name}" was not seen to bite: ${sayEvidence(told)}.`;
  }
  const mustBeGone = phaseSpan(history, 'heal') !== undefined || of('healing') !== undefined;
  if (!mustBeGone || of('gone')) return null;
  return `"${name}" was healed, and nobody saw it gone: ${sayEvidence(states.findLast((entry) => entry.state === 'failed') ?? of('healed'))}.`;
}

function sayProven(history: History, name: string): string {
  const proven = history.entries.find((entry): entry is FaultEntry => entry.kind === 'fault' && entry.name === name && entry.state === 'proven');
  const looks = proven?.evidence.length ?? 0;
  return `"${name}" was seen to bite${looks === 0 ? '' : ` by ${looks} independent look${looks === 1 ? '' : 's'}`}`;
}

function sayEvidence(entry: FaultEntry | undefined): string {
  return entry && entry.evidence.length > 0 ? entry.evidence.join('; ') : `the drill left no evidence${entry ? ` (${entry.state})` : ''}`;
}
