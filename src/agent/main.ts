// The program that looks from where it stands: lines of JSON in on stdin, out on stdout, as in protocol.ts. It ends when its stdin does.
// Small when started as `node --max-semi-space-size=1 --max-old-space-size=128`; with NODE_COMPILE_CACHE set to a folder half of that again, from the second
// start on, because stripping the types takes more memory than all the looking.
import { flushCompileCache } from 'node:module';
import { createInterface } from 'node:readline';
import { realClock } from '../clock.ts';
import type { Entry } from '../history.ts';
import { openOutbox } from './outbox.ts';
import { openCrowd } from './k6/crowd.ts';
import { beatEveryMs, type Opening, type Request, type ToAgent } from './protocol.ts';
import { watchFrom, type Watching } from './run.ts';
import { delayGrainMs, makeStalls } from './stalls.ts';
import { openSenses, type AgentSenses } from './senses.ts';
import { makeStolen } from './stolen.ts';

const lastWordsMs = 1_000;
/** Where programs that look for probes keep their files: it goes with the place. */
const scratch = '/run';
/** How many arguments of each sense come before its signal. */
const signalAt: Readonly<Record<keyof AgentSenses, number>> = { http: 3, resolve: 2, append: 4, update: 3, read: 4, status: 1, reach: 2 };

const outbox = openOutbox(() => process.exit(0));
let answer: ((request: Request) => Promise<unknown>) | null = null;

createInterface({ input: process.stdin }).on('line', (line) => { void hear(JSON.parse(line) as ToAgent); }).on('close', () => { void leave(); });

async function hear(message: ToAgent): Promise<void> {
  if ('open' in message) { answer = open(message.open); return; }
  try {
    if (answer === null) throw new Error('the agent has not been told where it stands');
    outbox.say({ id: message.id, value: await answer(message) ?? null });
  } catch (error) {
    outbox.say({ id: message.id, error: error instanceof Error ? error.message : String(error) });
  }
}

function open({ originMs, place, atlas }: Opening): (request: Request) => Promise<unknown> {
  const clock = realClock(originMs);
  const senses = openSenses(atlas, place);
  const crowd = openCrowd(atlas, clock, scratch);
  const watchings: Watching[] = [];
  const beat = (): void => outbox.say({ beat: clock.now() });
  const stalls = makeStalls(clock.now); // what it took to begin is no stall
  setInterval(stalls.look, delayGrainMs);
  beat();
  setInterval(beat, beatEveryMs);
  flushCompileCache(); // an agent is usually ended by a signal, which would leave nothing for the next one
  return async (request) => {
    if (request.ask === 'look') return look(senses, request);
    if (request.ask === 'stop') return void await Promise.all(watchings.map((watching) => watching.stop(request.probes)));
    const watching = watchFrom({ clock, place, probes: request.probes, senses: { ...senses, crowd }, sink: (entry: Entry) => outbox.say({ entry }), stallMs: stalls.longest, stolenPct: makeStolen() });
    watchings.push(watching);
    await watching.begun;
  };
}

function look(senses: AgentSenses, { sense, args, timeoutMs }: Extract<Request, { ask: 'look' }>): Promise<unknown> {
  const sensing = senses[sense] as (...all: unknown[]) => Promise<unknown>;
  const before = args.slice(0, signalAt[sense]);
  return sensing(...before, AbortSignal.timeout(timeoutMs), ...args.slice(before.length));
}

async function leave(): Promise<void> {
  setTimeout(() => process.exit(0), lastWordsMs);
  await outbox.flushed();
  process.exit(0);
}
