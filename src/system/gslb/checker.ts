import { hostMs } from '../log.ts';
import { inStartOrder, trusting, weigh, type Opinion } from './route53.ts';
import type { Found } from './check.ts';

/** Goes on looking at one endpoint every `intervalMs` from its own `phaseMs` on, whatever earlier looks do; `onTurn` hears each change of opinion. Returns its stop. */
export function runChecker(look: () => Promise<Found>, schedule: { intervalMs: number; phaseMs: number; threshold: number }, onTurn: (opinion: Opinion, why: string) => void): () => void {
  let opinion = trusting;
  const results = inStartOrder<Found>((found) => {
    const before = opinion;
    opinion = weigh(opinion, found.ok, schedule.threshold);
    if (opinion.healthy !== before.healthy) onTurn(opinion, found.why);
  });
  return every(schedule.intervalMs, schedule.phaseMs, () => {
    const hand = results.start();
    void look().then(hand);
  });
}

/** Calls `act` at now + phase + k x interval without drift; ticks that a stalled process slept through are left out. Returns its stop. */
export function every(intervalMs: number, phaseMs: number, act: () => void): () => void {
  const first = hostMs() + phaseMs;
  let k = 0;
  let timer = setTimeout(tick, phaseMs);
  function tick(): void {
    act();
    k = Math.max(k + 1, Math.ceil((hostMs() - first) / intervalMs));
    timer = setTimeout(tick, Math.max(0, first + k * intervalMs - hostMs()));
  }
  return () => clearTimeout(timer);
}
