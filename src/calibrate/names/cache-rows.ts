import { dnsConvergence } from '../../checks/dns-convergence.ts';
import { cacheParts, findCachePrograms, plantRealCaches, type RealCache } from './real-caches.ts';
import { countRow, type Row } from '../row.ts';

/** A row for every part of every real cache that is installed; for one that is not, a row that says so. No rows where nothing is to be planted. */
export async function cacheRows({ caches, seed }: { readonly caches: number; readonly seed: string }, say: (line: string) => void): Promise<Row[]> {
  if (caches === 0) return [];
  const { there, missing } = await findCachePrograms();
  const found: RealCache[] = [];
  for (let round = 0; round < caches && there.length > 0; round += 1) {
    say(`real caches: ${there.map(({ name }) => name).join(', ')}, move ${round + 1} of ${caches}`);
    found.push(...await plantRealCaches(dnsConvergence, there, `${seed} ${round}`));
  }
  return [
    ...there.flatMap(({ name }) => (Object.keys(cacheParts) as RealCache['part'][]).map((part) => rowFor(name, part, found, say))),
    ...missing.map(({ name, comesWith }) => {
      say(`SKIPPED: ${name} is not installed (${comesWith})`);
      return { ...countRow(`cache ${name}`, [], say), skipped: `not installed (${comesWith})` };
    }),
  ];
}

function rowFor(program: string, part: RealCache['part'], found: readonly RealCache[], say: (line: string) => void): Row {
  const mine = found.filter((one) => one.program === program && one.part === part);
  const decided = mine.flatMap(({ misses }) => (misses ? [{ misses }] : []));
  const row = countRow(`cache ${program}: ${part}`, decided, say);
  return decided.length === 0 ? { ...row, skipped: 'set up so, it did nothing that an honest one may not do' } : row;
}
