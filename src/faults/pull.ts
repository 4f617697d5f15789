import type { Levers, Pull, Undo } from '../world.ts';

/** Pulls all, one after another; where one cannot be pulled, those before it are taken back and it rejects. */
export async function pullAll(levers: Partial<Levers>, pulls: readonly Pull[], forMs: number): Promise<Undo[]> {
  const undo: Undo[] = [];
  try {
    for (const pull of pulls) undo.push(await pullOne(levers, pull, forMs));
  } catch (error) {
    for (const one of undo.reverse()) await one.heal().catch(() => {}); // its own deadline ends what cannot be healed now
    throw error;
  }
  return undo;
}

function pullOne(levers: Partial<Levers>, pull: Pull, forMs: number): Promise<Undo> {
  switch (pull.lever) {
    case 'cut': return the(levers, 'cut')(pull.a, pull.b, pull.how, forMs);
    case 'kill': return the(levers, 'kill')(pull.place, pull.part, forMs);
    case 'freeze': return the(levers, 'freeze')(pull.place, pull.part, forMs);
    case 'overwrite': return the(levers, 'overwrite')(pull.answer, forMs);
  }
}

function the<L extends keyof Levers>(levers: Partial<Levers>, name: L): Levers[L] {
  const found = levers[name];
  if (!found) throw new Error(`the world has no lever ${name}`);
  return found;
}
