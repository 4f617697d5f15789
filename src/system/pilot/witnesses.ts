import { request } from 'node:http';
import type { Verdict } from './decide.ts';
import { because, type Pilot } from './pilot.ts';

/** What a witness says of the primary; silent: it could not be asked, and has no vote. */
export interface Voted { readonly name: string; readonly vote: 'sees' | 'misses' | 'silent'; readonly because: string | null }

/** A witness tries for a second, however far away it stands; a round trip to it comes on top. */
const answerLimitMs = 1_500;

/** Asks all witnesses at once whether they see a region's database; never rejects, and takes no longer than a second and a half. */
export function askWitnesses(pilot: Pilot, region: string): Promise<readonly Voted[]> {
  return Promise.all(pilot.config.witnesses.map(async ({ name, address }): Promise<Voted> => {
    try {
      const said = await get(address, `/sees/${encodeURIComponent(region)}`, pilot.config.from);
      return { name, vote: said.sees ? 'sees' : 'misses', because: said.because };
    } catch (error) {
      return { name, vote: 'silent', because: because(error) };
    }
  }));
}

/**
 * What the pilot, who misses the primary, and its witnesses come to. More than half of them all must miss it; where fewer than that can be asked there is no quorum, and
 * where they can, and do not, it is spared. With an even number half is not enough: a pilot with one witness needs that one. Pure.
 */
export function countVotes(votes: readonly Voted[]): { readonly is: 'dead' | 'outvoted' | 'no quorum'; readonly evidence: Readonly<Record<string, unknown>> } {
  const needed = Math.floor((votes.length + 1) / 2) + 1;
  const names = (vote: Voted['vote']) => votes.filter((one) => one.vote === vote).map(({ name }) => name);
  const [sees, misses, silent] = [names('sees'), names('misses'), names('silent')];
  const evidence = { needed, of: votes.length + 1, misses: ['pilot', ...misses], sees, silent };
  if (1 + misses.length >= needed) return { is: 'dead', evidence };
  return { is: 1 + misses.length + sees.length < needed ? 'no quorum' : 'outvoted', evidence };
}

/** A verdict of death as the witnesses leave it. */
export async function confirm(pilot: Pilot, region: string, verdict: Verdict): Promise<Verdict> {
  if (pilot.config.witnesses.length === 0) return verdict;
  const { is, evidence } = countVotes(await askWitnesses(pilot, region));
  return { is, evidence: { ...verdict.evidence, witnesses: evidence } };
}

function get({ host, port }: { readonly host: string; readonly port: number }, path: string, from: string): Promise<{ readonly sees: boolean; readonly because: string | null }> {
  return new Promise((resolve, reject) => {
    const asking = request({ host, port, path, localAddress: from, agent: false, signal: AbortSignal.timeout(answerLimitMs) }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; }).on('error', reject).on('end', () => {
        try {
          const { sees, because: why } = JSON.parse(text) as { sees?: unknown; because?: unknown };
          if (answer.statusCode === 200 && typeof sees === 'boolean') resolve({ sees, because: typeof why === 'string' ? why : null });
          else reject(new Error(`it answered ${answer.statusCode}: ${text.slice(0, 200)}`));
        } catch {
          reject(new Error(`it answered ${answer.statusCode}, and no JSON`));
        }
      });
    });
    asking.on('error', reject);
    asking.end();
  });
}
