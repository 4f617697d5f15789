/** A kind of resolver among many: `sharePct` of them, holding an answer for `holdMs` from when they fetched it. `cachedPct`: how many of these had one when the name moved. */
export interface Cohort { readonly name: string; readonly sharePct: number; readonly holdMs: number; readonly cachedPct: number }

/** A million resolvers, modelled: how many of each kind still give the old answer so long after the authorities changed. Seconds; `old` in the order of `cohorts`. */
export interface Population {
  readonly ttl: number;
  readonly cohorts: readonly Cohort[];
  readonly after: readonly { readonly seconds: number; readonly old: readonly number[] }[];
  /** When so many per cent have let go. */
  readonly letGo: readonly { readonly pct: number; readonly seconds: number }[];
}

const resolversInAll = 1_000_000;
/** Of 8,524 resolvers that could be measured, so many per cent extended TTLs as they liked (Bhowmick et al., "TTL Violation of DNS Resolvers in the Wild", PAM 2023). By how much is not in it. */
export const stretchersPct = 8.74;
/** Choices of this model: minimum TTLs that people configure, a half of the stretchers each; half of the others are asked all the time, half once in three TTLs on average. */
const stretchedMs = [300_000, 3_600_000] as const;
const sparsePct = 50;
const sparseTtls = 3;

/**
 * The kinds of resolver for a name's TTL. One that is asked all the time always holds an answer. One that is asked once in k TTLs on average (Poisson) holds one for TTL / (TTL + k TTL) of the time:
 * after each expiry it waits, on average, k TTLs to be asked again.
 */
export function cohortsFor(ttlMs: number): readonly Cohort[] {
  const honest = 100 - stretchersPct;
  return [
    { name: 'keep to the TTL, asked all the time', sharePct: honest * (1 - sparsePct / 100), holdMs: ttlMs, cachedPct: 100 },
    { name: `keep to the TTL, asked once in ${sparseTtls} TTLs`, sharePct: (honest * sparsePct) / 100, holdMs: ttlMs, cachedPct: 100 / (1 + sparseTtls) },
    ...stretchedMs.map((least) => ({ name: `hold every answer for at least ${least / 60_000} min`, sharePct: stretchersPct / stretchedMs.length, holdMs: Math.max(ttlMs, least), cachedPct: 100 })),
  ];
}

/** How many of a kind (%, of all resolvers) still give the old answer at `afterMs`: what an answer has left when the name moves is anything up to the whole, each as likely. */
export function stillOldPct({ sharePct, holdMs, cachedPct }: Cohort, afterMs: number): number {
  return ((sharePct * cachedPct) / 100) * (holdMs === 0 ? 0 : Math.max(0, 1 - afterMs / holdMs));
}

/** The whole population for a TTL in ms. */
export function modelPopulation(ttlMs: number): Population {
  const cohorts = cohortsFor(ttlMs);
  const moments = [...new Set([0, 1_000, 5_000, 15_000, 30_000, ttlMs / 2, ttlMs, 60_000, 120_000, 240_000, 900_000, 1_800_000])].sort((a, b) => a - b);
  const oldPct = (afterMs: number) => cohorts.reduce((sum, cohort) => sum + stillOldPct(cohort, afterMs), 0);
  return {
    ttl: ttlMs / 1_000, cohorts,
    after: moments.map((afterMs) => ({ seconds: afterMs / 1_000, old: cohorts.map((cohort) => Math.round((stillOldPct(cohort, afterMs) / 100) * resolversInAll)) })),
    letGo: [50, 90, 95, 99].map((pct) => ({ pct, seconds: whenAtMost(oldPct, 100 - pct, Math.max(...cohorts.map(({ holdMs }) => holdMs))) / 1_000 })),
  };
}

/** The first ms at which a falling share is no more than `pct`. */
function whenAtMost(share: (afterMs: number) => number, pct: number, mostMs: number): number {
  let [low, high] = [0, mostMs];
  if (share(low) <= pct) return 0;
  while (high - low > 1) {
    const middle = (low + high) / 2;
    if (share(middle) <= pct) high = middle; else low = middle;
  }
  return Math.round(high);
}
