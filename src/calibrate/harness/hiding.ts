import type { breakAndWatch } from '../../drill/break.ts';
import type { linkCut } from '../../faults/link-cut.ts';
import { regionOutage } from '../../faults/region-outage.ts';
import type { FaultState } from '../../history.ts';
import { primaryOf, standbyOf } from '../../topology.ts';
import type { Levers, Undo, World } from '../../world.ts';
import { bind, breakOn, planOf, type Broken } from './breaking.ts';

/** One drill of faults of which some are not what they say: what was said of them that is wrong. */
export interface Hidden { readonly kind: string; readonly misses: readonly string[] }

/** What must be said of a fault, and what must never be. */
type Says = Readonly<Record<string, { readonly must: readonly FaultState[]; readonly never: readonly FaultState[] }>>;
const [bites, doesNot] = [{ must: ['proven', 'gone'], never: ['unproven', 'failed'] }, { must: ['unproven'], never: ['proven'] }] as const;

interface Case { readonly faults: (cut: typeof linkCut, one: string, other: string) => Parameters<typeof planOf>[1]; readonly levers: (world: World) => Partial<Levers>; readonly says: Says }

const noUndo: Undo = { record: { id: 'dud', lever: 'cut', what: 'nothing', deadline: 0 }, heal: async () => {} };
const link = (cut: typeof linkCut, one: string, other: string, how: 'drop' | 'reject', direction: 'in' | 'out' | 'both' = 'both') => [bind('planted', cut, { a: { place: one }, b: { place: other }, how, direction }, 0, 500)];
const shipped = (world: World) => world.levers as Levers;

/** A cut both ways of which the lever makes one only, whichever; and faults of one drill of which one shows in the looks of the other. */
const cases: Readonly<Record<string, Case>> = {
  'a link is cut both ways': { faults: (cut, one, other) => link(cut, one, other, 'reject'), levers: () => ({}), says: { planted: bites } },
  'a link is to be rejected one way in': { faults: (cut, one, other) => link(cut, one, other, 'reject', 'in'), levers: () => ({}), says: { planted: bites } },
  'a link is to be rejected one way out': { faults: (cut, one, other) => link(cut, one, other, 'reject', 'out'), levers: () => ({}), says: { planted: bites } },
  'a path from an app to a database is cut': { faults: (cut, one, other) => [bind('planted', cut, { a: { place: one, part: 'app' }, b: { place: other, part: 'database' } }, 0, 500)], levers: () => ({}), says: { planted: bites } },
  'a cut spares the apps': {
    faults: (cut, one, other) => link(cut, one, other, 'drop'), says: { planted: doesNot },
    levers: (world) => ({ async cut(a, b, how, forMs) {
      const [one, two] = [(a as { place: string }).place, (b as { place: string }).place];
      const cuts = [await shipped(world).cut({ place: one }, { place: two, part: 'database' }, how, forMs), await shipped(world).cut({ place: one, part: 'database' }, { place: two, part: 'clients' }, how, forMs)];
      return { ...noUndo, heal: async () => { for (const undo of cuts) await undo.heal(); } };
    } }),
  },
  'only what comes in is rejected': { faults: (cut, one, other) => link(cut, one, other, 'reject'), levers: (world) => ({ cut: (a, b, how, forMs) => shipped(world).cut(a, b, { ...how, direction: 'in' }, forMs) }), says: { planted: doesNot } },
  'only what goes out is rejected': { faults: (cut, one, other) => link(cut, one, other, 'reject'), levers: (world) => ({ cut: (a, b, how, forMs) => shipped(world).cut(a, b, { ...how, direction: 'out' }, forMs) }), says: { planted: doesNot } },
  'only connections from the one side are dropped': { faults: (cut, one, other) => link(cut, one, other, 'drop'), levers: (world) => ({ cut: (a, b, how, forMs) => shipped(world).cut({ ...(a as { place: string }), part: 'clients' }, b, how, forMs) }), says: { planted: doesNot } },
  'only connections from the other side are dropped': { faults: (cut, one, other) => link(cut, one, other, 'drop'), levers: (world) => ({ cut: (a, b, how, forMs) => shipped(world).cut(a, { ...(b as { place: string }), part: 'clients' }, how, forMs) }), says: { planted: doesNot } },
  // Both are refused: the one that does nothing looks as it should by the other's doing.
  'a fault that does nothing behind one that bites': {
    faults: (cut, one) => [bind('bites', regionOutage, { region: one, how: 'crash' }, 0, 4_000), bind('planted', cut, { a: { place: 'outside', part: 'clients' }, b: { place: one }, how: 'reject' }, 0, 2_000)],
    levers: (world) => ({ cut: async () => { await world.clock.sleep(700); return noUndo; } }), says: { planted: doesNot },
  },
  'a fault that does nothing while another is still being pulled': {
    faults: (cut, one) => [bind('bites', regionOutage, { region: one, how: 'crash' }, 0, 4_000), bind('planted', cut, { a: { place: 'outside', part: 'clients' }, b: { place: one }, how: 'reject' }, 0, 2_000)],
    levers: (world) => ({ cut: async () => noUndo, kill: (...how) => shipped(world).kill(...how).then(async (undo) => { await world.clock.sleep(700); return undo; }) }), says: { planted: doesNot },
  },
  'a fault that does nothing while another is being healed': {
    faults: (cut, one) => [bind('bites', regionOutage, { region: one, how: 'crash' }, 300, 200), bind('planted', cut, { a: { place: 'outside', part: 'clients' }, b: { place: one }, how: 'reject' }, 0, 2_000)],
    levers: (world) => ({
      cut: async () => { await world.clock.sleep(4_000); return noUndo; },
      kill: (...how) => shipped(world).kill(...how).then(({ record, heal }) => ({ record, heal: async () => { await world.clock.sleep(6_000); await heal(); } })),
    }), says: { planted: doesNot },
  },
  'a fault all of whose signs another hides': {
    faults: (cut, one) => [bind('bites', regionOutage, { region: one, how: 'crash' }, 0, 4_000), bind('planted', cut, { a: { place: 'outside', part: 'clients' }, b: { place: one }, how: 'reject' }, 2_000, 1_000)],
    levers: () => ({}), says: { bites, planted: doesNot },
  },
  'a fault some of whose signs another hides': {
    faults: (cut, one, other) => [bind('bites', regionOutage, { region: one, how: 'crash' }, 0, 40_000), bind('planted', cut, { a: { place: one }, b: { place: other } }, 2_000, 1_000)],
    levers: () => ({}), says: { bites: { must: ['proven'], never: ['unproven', 'failed'] }, planted: bites },
  },
  'a fault that is healed while another hides some of its signs': {
    faults: (cut, one, other) => [bind('planted', cut, { a: { place: one }, b: { place: other } }, 0, 6_000), bind('bites', regionOutage, { region: one, how: 'crash' }, 3_000, 60_000)],
    levers: () => ({}), says: { planted: bites },
  },
};
export const hidings = Object.keys(cases);

/** Drills of faults that bite one way only, or behind another: what does not bite, or cannot be seen to, must be called unproven, and what bites proven. */
export async function plantHidden(pull: typeof breakAndWatch, cut: typeof linkCut, seed: string): Promise<Hidden[]> {
  const found: Hidden[] = [];
  for (const [kind, { faults, levers, says }] of Object.entries(cases)) {
    const { topology } = await planOf('smoke', []);
    const plan = await planOf('smoke', faults(cut, primaryOf(topology).name, standbyOf(topology).name));
    found.push({ kind, misses: compare(says, await breakOn(pull, plan, `${seed} ${kind}`, levers)) });
  }
  return found;
}

function compare(says: Says, { of }: Broken): string[] {
  return Object.entries(says).flatMap(([name, { must, never }]) => [
    ...must.filter((state) => !of(name, state)).map((state) => `"${name}" is never said to be ${state}`),
    ...never.flatMap((state) => { const said = of(name, state); return said ? [`"${name}" is said to be ${state}: ${said.evidence.join('; ')}`] : []; }),
  ]);
}
