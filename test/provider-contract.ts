import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Provider } from '../src/world.ts';
import { breaking } from './contract/breaking.ts';
import { cutting } from './contract/cutting.ts';
import { failingOver } from './contract/failing-over.ts';
import { openGround, smallTopology, type Article, type Ground, type Replication } from './contract/ground.ts';
import { looking } from './contract/looking.ts';
import { servingBoth } from './contract/serving-both.ts';
import { watching } from './contract/watching.ts';

/** A group of articles that share one world, and how its databases replicate. */
export interface Chapter { readonly title: string; readonly replication: Replication; readonly distanceMs?: number; readonly articles: readonly Article[] }

/** All that a world has to keep. */
export const contract: readonly Chapter[] = [
  { title: 'with nothing broken', replication: 'semi-sync', distanceMs: 130, articles: looking },
  { title: 'with its levers pulled', replication: 'async', articles: breaking },
  { title: 'watched while it is broken', replication: 'async', articles: watching },
  { title: 'with its primary region lost', replication: 'semi-sync', articles: failingOver },
  { title: 'with part of its network broken', replication: 'async', articles: cutting },
  { title: 'with both regions active', replication: 'both ways', articles: servingBoth },
];

/** The one suite that every provider must pass. `timeoutMs`: for one test; a real world takes its time to open. */
export function describeProvider(name: string, makeProvider: () => Provider, options: { readonly timeoutMs?: number } = {}): void {
  const timeoutMs = options.timeoutMs ?? 120_000;
  describe(`the ${name} world keeps the contract`, () => {
    test('it has all it needs here', async () => { expect(await makeProvider().shortfalls()).toEqual([]); }, timeoutMs);
    for (const chapter of contract) describeChapter(makeProvider, chapter, timeoutMs);
  });
}

function describeChapter(makeProvider: () => Provider, chapter: Chapter, timeoutMs: number): void {
  describe(chapter.title, () => {
    let ground: Ground | undefined;
    let closed = false;
    const open = () => ground ?? (() => { throw new Error('the world did not open'); })();
    const why = makeProvider().refuses?.(smallTopology(chapter.replication)) ?? null;
    if (why !== null) {
      process.stderr.write(`\nSKIPPED: the ${makeProvider().name} world ${why}\n`);
      test.skip(`the world ${why}`, () => {});
      return;
    }
    beforeAll(async () => { ground = await openGround(makeProvider(), chapter.replication, chapter.distanceMs); }, timeoutMs);
    afterAll(async () => { if (!closed) await ground?.close(); }, timeoutMs);
    for (const article of chapter.articles) test(article.says, () => article.check(open()), timeoutMs);
    test('closed, it leaves nothing', async () => {
      const { close, provider, runId } = open();
      await close();
      closed = true;
      expect(await provider.leftovers(runId)).toEqual([]);
      expect(await provider.sweep(runId)).toEqual([]);
    }, timeoutMs);
  });
}

/** Holds a provider to every article and says which it broke, and how: by sentence, the error. A chapter goes on after a broken article. */
export async function brokenArticles(makeProvider: () => Provider, chapters: readonly Chapter[] = contract): Promise<ReadonlyMap<string, string>> {
  const broken = new Map<string, string>();
  for (const { articles, replication, distanceMs } of chapters) {
    const ground = await openGround(makeProvider(), replication, distanceMs);
    for (const { says, check } of articles) {
      await check(ground).catch((error: unknown) => { broken.set(says, error instanceof Error ? error.message : String(error)); });
    }
    await ground.close();
  }
  return broken;
}
