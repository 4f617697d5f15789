import type { Phase, Run } from '../history.ts';
import type { Record } from '../record.ts';
import type { World } from '../world.ts';

/** Where a drill takes place: an open world, what the run is, where entries go, and the signal that interrupts it. */
export interface Stage { readonly world: World; readonly run: Run; readonly record: Record; readonly interrupt: AbortSignal }

/** Says that a phase begins. */
export function enter(stage: Stage, phase: Phase): void {
  stage.record.add({ kind: 'phase', at: stage.world.clock.now(), phase });
}

/** Keeps a remark for people. */
export function note(stage: Stage, text: string): void {
  stage.record.add({ kind: 'note', at: stage.world.clock.now(), text });
}

/** Asks every 200 ms of the world's time; false when the answer is still no after `limitMs`. Rejects when interrupted. */
export async function until(stage: Stage, limitMs: number, ask: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = stage.world.clock.now() + limitMs;
  while (!await ask()) {
    if (stage.world.clock.now() >= end) return false;
    await stage.world.clock.sleep(200, stage.interrupt);
  }
  return true;
}

/** What an unknown thrown thing says. */
export function sayError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
