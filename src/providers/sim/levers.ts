import type { Part, Place } from '../../topology.ts';
import type { Lever, Levers, Overwritten, Side, Undo } from '../../world.ts';
import { reset } from './connection.ts';
import type { CutInForce } from './net.ts';
import { end, freeze, start, thaw, type Program } from './program.ts';
import type { System } from './system.ts';

/** From the call to the pull's effect, and from a start to a program that answers; choices of this model. */
const pullMs = 5;
const bootMs = 300;

/** The levers of the simulated world: each pull ends by itself at its deadline, in virtual time, whether or not somebody heals it before. */
export function makeLevers(system: System): Omit<Levers, 'stall' | 'sever'> {
  const { net } = system;
  let pulls = 0;
  const killed = new Map<Program, number>();
  const frozen = new Map<Program, number>();
  // Two pulls may hold one program: it goes on when the last has let go.
  const hold = (holds: Map<Program, number>, program: Program, by: 1 | -1) => {
    const count = (holds.get(program) ?? 0) + by;
    holds.set(program, count);
    return count;
  };
  const pull = async (lever: Lever, what: string, forMs: number, act: () => () => void): Promise<Undo> => {
    await net.clock.inside.sleep(pullMs);
    const undo = act();
    let ended = false;
    const once = () => { if (!ended) { ended = true; undo(); } };
    const callOff = net.clock.after(forMs, once);
    pulls += 1;
    return {
      record: { id: String(pulls), lever, what, deadline: net.clock.now() + forMs },
      heal: async () => { callOff(); once(); await net.clock.inside.sleep(lever === 'kill' ? bootMs + pullMs : pullMs); },
    };
  };
  return {
    cut: (a, b, how, forMs) => checked(() => checkSides(system, a, b), () => pull('cut', `${saySide(a)} from ${saySide(b)}`, forMs, () => cutLink(system, { a, b, how, biting: true, since: net.clock.now() }))),
    overwrite: (answer, forMs) => checked(() => addressesOf(system, answer), (addresses) => pull('overwrite', answer === 'empty' ? 'the service has no address' : `the service is in ${answer.region}`, forMs, () => overwrite(system, addresses))),
    kill: (place, part, forMs) => checked(() => programsOf(system, place, part), (programs) => pull('kill', `${place}/${part}`, forMs, () => {
      for (const program of programs) { hold(killed, program, 1); end(program, (connection) => reset(net, connection, 'connection reset')); }
      return () => { for (const program of programs) if (hold(killed, program, -1) === 0) net.clock.after(bootMs, () => { if (killed.get(program) === 0) start(program); }); };
    })),
    freeze: (place, part, forMs) => checked(() => programsOf(system, place, part), (programs) => pull('freeze', `${place}/${part}`, forMs, () => {
      for (const program of programs) { hold(frozen, program, 1); freeze(program); }
      return () => { for (const program of programs) if (hold(frozen, program, -1) === 0) thaw(program); };
    })),
  };
}

function cutLink({ net }: System, cut: CutInForce): () => void {
  net.cuts.add(cut);
  const { flap } = cut.how;
  const turn = (inMs: number) => net.clock.after(inMs, () => {
    if (!flap || !net.cuts.has(cut)) return;
    Object.assign(cut, { biting: !cut.biting, since: net.clock.now() });
    turn(cut.biting ? flap.onMs : flap.offMs);
  });
  if (flap) turn(flap.onMs);
  return () => { net.cuts.delete(cut); };
}

/** Done to each authority directly: the writer is nobody's program, and stands nowhere. */
function overwrite({ authorities, gslb, topology }: System, addresses: readonly string[]): () => void {
  const { service } = topology.names;
  for (const authority of authorities) {
    const { serial, records } = authority.zone;
    const old = records.get(service);
    if (old) authority.zone = { serial: serial + 1, records: new Map([...records, [service, { addresses, ttlMs: old.ttlMs }]]) };
  }
  return () => { for (const authority of authorities) if (authority.zone.serial > 0) authority.zone = { serial: authority.zone.serial + 1, records: gslb.zone().records }; };
}

function addressesOf({ apps }: System, answer: Overwritten): readonly string[] {
  if (answer === 'empty') return [];
  const app = apps.get(answer.region);
  if (!app) throw new Error(`there is no region "${answer.region}"`);
  return [app.program.address];
}

// What is wrong with the call itself is said before anything is touched.
async function checked<T>(check: () => T, act: (checked: T) => Promise<Undo>): Promise<Undo> {
  return act(check());
}

function programsOf({ programs }: System, place: Place, part: Part | 'all'): readonly Program[] {
  const found = programs.filter((program) => program.place === place && (part === 'all' || program.part === part));
  if (found.length === 0) throw new Error(`${place} has no ${part} to stop`);
  return found;
}

function checkSides({ topology }: System, a: Side, b: Side): void {
  if (a === 'rest' && b === 'rest') throw new Error('a cut between rest and rest cuts nothing');
  for (const side of [a, b]) {
    if (side !== 'rest' && !topology.places.includes(side.place)) throw new Error(`there is no place "${side.place}"`);
  }
  if (a !== 'rest' && b !== 'rest' && a.place === b.place && (a.part === undefined || b.part === undefined)) throw new Error(`both sides are ${a.place}: name two parts of it`);
}

function saySide(side: Side): string {
  if (side === 'rest') return 'everything else';
  return side.part === undefined ? side.place : `${side.place}/${side.only ?? side.part}`;
}
