import type { Sample } from '../history.ts';
import { answeredBy, errorKind } from '../report/timeline.ts';

/** How a probe fares now: good or not, by whom or why not (`words`), since when (ms since the start). */
export interface Beat { readonly probe: string; readonly ok: boolean; readonly words: string; readonly since: number }

/** Follows looks as they come in. */
export interface Pulse {
  /** Takes a look; answers with the new state once that has lasted, and with null while nothing changed. */
  take(sample: Sample): Beat | null;
  /** All probes as they are now, those that fail first. */
  now(): readonly Beat[];
}

interface Followed { announced: string | null; key: string; ok: boolean; words: string; since: number }

/** A pulse that says a change only after it lasted `settleMs`, so that one stray look is no news. */
export function takePulse(settleMs: number = 1_000): Pulse {
  const probes = new Map<string, Followed>();
  // Addresses mean nothing to people: the region is known once somebody was served there.
  const regionAt = new Map<string, string>();
  return {
    take: (sample) => {
      if (sample.says === 'census') return null;
      learn(sample, regionAt);
      const key = sample.ok ? `good ${answeredBy(sample, unknown) ?? ''}` : 'bad';
      const words = sample.ok ? answeredBy(sample, regionAt) ?? 'good' : errorKind(sample);
      const known = probes.get(sample.probe);
      const followed: Followed = known && known.key === key ? known : { announced: known?.announced ?? null, key, ok: sample.ok, words, since: sample.started };
      followed.words = words;
      probes.set(sample.probe, followed);
      if (followed.announced === key || sample.started - followed.since < settleMs) return null;
      followed.announced = key;
      return beatOf(sample.probe, followed);
    },
    now: () => [...probes].map(([probe, followed]) => beatOf(probe, followed)).sort((a, b) => Number(a.ok) - Number(b.ok)),
  };
}

// Changes are told by what was answered itself, so that learning a region's address is no change.
const unknown: ReadonlyMap<string, string> = new Map();

function beatOf(probe: string, { ok, words, since }: Followed): Beat {
  return { probe, ok, words, since };
}

function learn(sample: Sample, regionAt: Map<string, string>): void {
  if (sample.says !== 'http' || !sample.ok || sample.data === null) return;
  const { address, servedBy } = (sample as Sample<'http'>).data as { address: string; servedBy: string | null };
  if (servedBy !== null) regionAt.set(address.replace(/:\d+$/, ''), servedBy);
}
