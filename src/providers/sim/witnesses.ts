import { marks } from '../../history.ts';
import { ask, close, connect } from './connection.ts';
import { once, type Pilot } from './pilot.ts';
import { whenRunning, type Program } from './program.ts';
import { execute, type Answer, type Server } from './server.ts';

/** How long a witness tries, and the pilot waits for it; as in the real pilot. */
const tryMs = 1_000;
const answerMs = 1_500;

type Vote = 'sees' | 'misses' | 'silent';

/** Whether the witnesses leave the verdict of death standing: more than half of them and the pilot must miss the primary. Says once in a row of misses where they do not. */
export async function confirm(pilot: Pilot): Promise<boolean> {
  const { witnesses, primary } = pilot;
  const votes = await Promise.all(witnesses.map(async (witness) => [witness.name, await voteOf(pilot, witness, primary)] as const));
  const names = (vote: Vote) => votes.filter((one) => one[1] === vote).map(([name]) => name);
  const [sees, misses, silent] = [names('sees'), names('misses'), names('silent')];
  const needed = Math.floor((witnesses.length + 1) / 2) + 1;
  const evidence = { needed, of: witnesses.length + 1, misses: ['pilot', ...misses], sees, silent };
  if (pilot.primary !== primary || pilot.misses === 0 || pilot.busy) return false;
  if (1 + misses.length >= needed) return true;
  once(pilot, 1 + misses.length + sees.length < needed ? marks.noQuorum : marks.outvoted, primary.region, { witnesses: evidence });
  return false;
}

function voteOf({ net, program }: Pilot, witness: Program, primary: Server): Promise<Vote> {
  return new Promise((resolve) => {
    let over = false;
    const finish = (vote: Vote) => { if (over) return; over = true; callOff(); net.clock.stir(); resolve(vote); };
    const callOff = net.clock.after(answerMs, () => finish('silent'));
    connect(net, program, witness, () => !over, (connection) => {
      if (!connection || over) { if (connection) close(connection); finish('silent'); return; }
      connection.onLost = () => finish('silent');
      ask(net, connection, (reply: (sees: boolean) => void) => look(witness, primary, reply), (sees) => { close(connection); finish(sees ? 'sees' : 'misses'); });
    });
  });
}

function look(witness: Program, server: Server, told: (sees: boolean) => void): void {
  const { net, program } = server;
  const life = witness.life;
  let over = false;
  const finish = (sees: boolean) => whenRunning(witness, life, () => { if (over) return; over = true; callOff(); told(sees); });
  const callOff = net.clock.after(tryMs, () => finish(false));
  connect(net, witness, program, () => !over, (connection) => {
    if (!connection || over) { if (connection) close(connection); finish(false); return; }
    connection.onLost = () => finish(false);
    ask<Answer>(net, connection, (reply) => execute(server, { do: 'ping' }, connection, reply), ({ ok }) => { close(connection); finish(ok); });
  });
}
