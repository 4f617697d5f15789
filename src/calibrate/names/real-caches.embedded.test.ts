import { describe, expect, test } from '@jest/globals';
import { dnsConvergence } from '../../checks/dns-convergence.ts';
import { loadMutated } from '../mutate.ts';
import { cacheParts, findCachePrograms, plantRealCaches, type RealCache } from './real-caches.ts';

const { there, missing } = await findCachePrograms();
for (const { name, comesWith } of missing) process.stderr.write(`\nSKIPPED: ${name} is not installed (${comesWith})\n`);
if (there.length === 0) process.stderr.write('\nSKIPPED: real caches: none is installed here\n');

const of = (found: readonly RealCache[], part: string) => found.filter((one) => one.part.startsWith(part));

(there.length === 0 ? describe.skip : describe)(`real caches: ${there.map(({ name }) => name).join(', ')}`, () => {
  let found: readonly RealCache[] = [];

  test('those that stretch or give stale answers are named for what they did, the honest never', async () => {
    found = await plantRealCaches(dnsConvergence, there, 'embedded test');
    expect(found.flatMap(({ program, part, misses }) => (misses ?? []).map((miss) => `${program}, ${part}: ${miss}`))).toEqual([]);
    expect(found).toHaveLength(there.length * Object.keys(cacheParts).length);
    expect(of(found, 'honest').flatMap(({ signs }) => signs)).toEqual([]);
  }, 120_000);

  test('each of them stretched, and gave stale answers while its authority was away', () => {
    for (const part of ['stretching', 'stale, authority away']) expect(of(found, part).filter(({ misses, signs }) => misses === null || signs.length === 0)).toEqual([]);
  });

  test('a check that asks nobody for stale answers is found out', async () => {
    const { dnsConvergence: lying } = await loadMutated<{ dnsConvergence: typeof dnsConvergence }>('checks/dns-convergence.ts', { file: 'checks/dns/resolver.ts', find: 'return data?.ede === 3 || data?.ede === 19;', put: 'return data?.ede === 19;' });
    const missed = await plantRealCaches(lying, there.filter(({ name }) => name !== 'CoreDNS'), 'embedded test'); // CoreDNS does not say that its answers are stale
    if (missed.length > 0) expect(missed.some(({ part, misses }) => part.startsWith('stale') && (misses ?? []).some((miss) => miss.includes('planted, and not named: stale answer')))).toBe(true);
  }, 120_000);
});
