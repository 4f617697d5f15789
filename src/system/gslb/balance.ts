import type { GslbConfig } from './config.ts';
import { answer, isHealthy, latch, share, type Standing } from './route53.ts';

/** Whom the service's name points at, kept up to date from what checkers say and from what people order. */
export interface Balance {
  hear(region: string, checker: string, healthy: boolean, why: string): void;
  makePrimary(region: string): void;
  hold(region: string, held: boolean): void;
  state(): { readonly answering: string; readonly primary: string; readonly regions: readonly Readonly<Record<string, unknown>>[] };
}

/** Starts with every checker healthy and the configured PRIMARY, or all regions where they have weights; `say` hears what happens, `move` whom the name points at, each time that changes and once at the start. */
export function makeBalance(config: Pick<GslbConfig, 'checkers' | 'regions' | 'quorumPct' | 'failback' | 'service'>,
  say: (what: string, subject: string, evidence: Readonly<Record<string, unknown>>) => void, move: (regions: readonly string[]) => void): Balance {
  const opinions = new Map(config.regions.map((region) => [region.name, new Map(config.checkers.map((checker) => [checker.name, true]))]));
  let standings: readonly Standing[] = config.regions.map(({ name }) => ({ name, healthy: true, held: false }));
  let primary = config.regions.find((region) => region.role === 'primary')?.name ?? '';
  const weights = new Map(config.regions.flatMap(({ name, weight }) => (weight === undefined ? [] : [[name, weight] as const])));
  const choose = () => (weights.size > 0 ? share(standings, weights) : [answer(standings, primary)]);
  let answering: readonly string[] = choose();
  move(answering);

  const set = (region: string, change: Partial<Standing>) => {
    standings = standings.map((standing) => (standing.name === region ? { ...standing, ...change } : standing));
  };
  const decide = () => {
    // Only as users are moved away: a release that comes before the checks turn good again must not be undone at once.
    const latched = weights.size === 0 && answering[0] === primary ? latch(standings, primary, config.failback) : standings;
    const caught = latched.find((standing, index) => standing.held && !standings[index]?.held);
    if (caught) say('held', caught.name, {});
    standings = latched;
    const next = choose();
    if (next.join() === answering.join()) return;
    say('answer changed', config.service.name, { from: answering.join(' '), to: next.join(' ') });
    answering = next;
    move(next);
  };
  const count = (region: string) => [...(opinions.get(region)?.values() ?? [])].filter(Boolean).length;

  return {
    hear(region, checker, healthy, why) {
      opinions.get(region)?.set(checker, healthy);
      say(healthy ? 'checker healthy' : 'checker unhealthy', region, { checker, why });
      const evidence = { healthy: count(region), of: config.checkers.length };
      const now = isHealthy(evidence.healthy, evidence.of, config.quorumPct);
      if (now === standings.find((standing) => standing.name === region)?.healthy) return;
      say(now ? 'healthy' : 'unhealthy', region, evidence);
      set(region, { healthy: now });
      decide();
    },
    makePrimary(region) { primary = region; say('made primary', region, {}); decide(); },
    hold(region, held) { set(region, { held }); say(held ? 'held' : 'released', region, {}); decide(); },
    state: () => ({
      answering: answering.join(' '), primary,
      regions: standings.map((standing) => ({ ...standing, role: standing.name === primary ? 'primary' : 'standby', healthyCheckers: count(standing.name), of: config.checkers.length })),
    }),
  };
}
