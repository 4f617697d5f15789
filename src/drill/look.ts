import { sayBitten, type AnswerProof, type Proof, type ReachProof } from '../fault.ts';
import type { Reach } from '../seen.ts';
import type { Stage } from './stage.ts';
import type { Senses } from '../world.ts';

/** What one proof look found, and what it means; of several connections the first that was not `ok` counts. Times in ms of the run. */
export interface Sight { readonly proof: Proof; readonly started: number; readonly ended: number; readonly is: 'ok' | 'bitten' | 'neither'; readonly saw: string }

/** How long one connection or question may take, and how many connections are tried at once. */
const lookMs = 1_000;
const atOnce = 5;
const never = new AbortController().signal;

/** Takes one proof look. It never rejects: a look that cannot be taken found nothing. */
export function look(stage: Stage, proof: Proof): Promise<Sight> {
  return 'server' in proof ? ask(stage, proof) : connect(stage, proof);
}

async function connect(stage: Stage, proof: ReachProof): Promise<Sight> {
  const { looks = 1 } = proof;
  const reach = () => (stage.world.from(proof.from) as Senses).reach(proof.to, lookMs, never, proof.as).then((seen) => seen.reach, (): Reach => 'unreachable');
  for (let done = 0; ; done += atOnce) {
    const started = stage.world.clock.now();
    const seen = await Promise.all(Array.from({ length: Math.min(atOnce, looks - done) }, reach));
    const wrong = seen.findIndex((one) => one !== 'ok');
    const saw = seen[wrong];
    const times = looks === 1 ? '' : saw === undefined ? ` (all of ${looks})` : ` (connection ${done + wrong + 1} of ${looks})`;
    const sight = { proof, started, ended: stage.world.clock.now() };
    if (saw !== undefined) return { ...sight, is: proof.bitten.includes(saw) ? 'bitten' : 'neither', saw: `${saw}${times}` };
    if (done + atOnce >= looks) return { ...sight, is: 'ok', saw: `ok${times}` };
  }
}

async function ask(stage: Stage, proof: AnswerProof): Promise<Sight> {
  const { topology, addresses } = stage.run;
  const started = stage.world.clock.now();
  const answer = await (stage.world.from(proof.from) as Senses).resolve(topology.names.service, proof.server, never).catch(() => null);
  const sight = { proof, started, ended: stage.world.clock.now() };
  if (answer === null || answer.rcode !== 'NOERROR') return { ...sight, is: 'neither', saw: answer?.rcode ?? 'no answer' };
  const saw = answer.addresses.map((address) => Object.entries(addresses).find(([, of]) => of === address)?.[0] ?? address).join(' + ') || 'empty';
  return { ...sight, is: saw === sayBitten(proof) ? 'bitten' : 'ok', saw };
}
