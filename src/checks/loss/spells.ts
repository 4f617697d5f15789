import type { Sample } from '../../history.ts';
import { between, type Length } from '../../judge/bounds.ts';
import type { ServerSeen } from '../../seen.ts';
import type { Place } from '../../topology.ts';

/**
 * A time in which commits of one server went on without the replica that they were to wait for, as its own counters tell. ms since the start of the run.
 * `outer`: from the last look before it to the first after it; `inner`: their far ends, between which it surely lies. `stillFrom`: since then the server's counters had not moved when it began,
 * so all that was sent later was committed in it, or waited for; up to `quietTo` none was waited for. `commits` went on alone in it, `waited` did not; null where groups were counted. `open`: it was degraded when it was
 * last seen, and nothing counted what it committed after that, before `diedBy`.
 */
export interface Spell {
  readonly region: Place;
  readonly server: string;
  readonly outer: { readonly from: number; readonly to: number };
  readonly inner: { readonly from: number; readonly to: number };
  readonly stillFrom: number;
  readonly quietTo: number;
  readonly commits: number | null;
  readonly waited: number | null;
  readonly open: boolean;
  readonly diedBy: number;
  /** Where it was seen degraded first and last; `to` null: and not seen otherwise after that. */
  readonly seen: { readonly from: number; readonly to: number | null };
  readonly length: Length;
}

interface Look { readonly started: number; readonly ended: number; readonly data: ServerSeen }

/** The spells that looks at one server tell of, in their order. Counters that have gone back are those of another life of the server, which is judged by itself. */
export function findSpells(region: Place, samples: readonly Sample<'server'>[]): Spell[] {
  const looks = samples.flatMap(({ ok, started, ended, data }): Look[] => (ok && data ? [{ started, ended, data }] : []));
  const lives: Look[][] = [];
  for (const look of looks) {
    const last = lives.at(-1)?.at(-1);
    if (last && look.data.server === last.data.server && look.data.upS >= last.data.upS && look.data.connections >= last.data.connections) lives.at(-1)?.push(look);
    else lives.push([look]);
  }
  return lives.flatMap((life, index) => spellsOf(region, begun(life, lives[index - 1]?.at(-1) ?? null), lives[index + 1]?.[0]?.started ?? Number.POSITIVE_INFINITY));
}

/**
 * A life that was degraded when it was first seen may have been so from its beginning, when it had counted nothing; one that follows another of the same server and had counted some by then was so in between.
 * It began after the last look at the one before it, and by its own uptime, which may be off by a second: what was acknowledged before that may have been the former's.
 */
function begun(life: readonly Look[], before: Look | null): readonly Look[] {
  const [first] = life;
  if (!first || !(first.data.acks === 'degraded' || (before?.data.server === first.data.server && first.data.alone > 0))) return life;
  const at = before?.ended ?? 0;
  const by = Math.max(at, first.ended - 1_000 * Math.max(0, first.data.upS - 1));
  return [{ started: at, ended: by, data: { ...first.data, acks: 'in force', alone: 0, waited: 0 } }, ...life];
}

function spellsOf(region: Place, life: readonly Look[], diedBy: number): Spell[] {
  const spells: Spell[] = [];
  for (let first = 1; first < life.length; first += 1) {
    if (!wentAlone(life, first)) continue;
    let last = first;
    while (last + 1 < life.length && wentAlone(life, last + 1)) last += 1;
    spells.push(spellOf(region, life, first - 1, last, diedBy));
    first = last;
  }
  return spells;
}

/** Whether commits went on alone between a look and the one before it, or would have. */
function wentAlone(life: readonly Look[], index: number): boolean {
  const [before, after] = [life[index - 1]?.data, life[index]?.data];
  return before !== undefined && after !== undefined && (after.alone > before.alone || after.acks === 'degraded' || before.acks === 'degraded');
}

function spellOf(region: Place, life: readonly Look[], first: number, last: number, diedBy: number): Spell {
  const [a, b] = [life[first] as Look, life[last] as Look];
  const still = life.find(({ data }) => data.alone === a.data.alone && data.waited === a.data.waited) ?? a;
  const degraded = life.slice(first, last + 1).filter(({ data }) => data.acks === 'degraded');
  const [from, to] = [degraded[0], degraded.at(-1)];
  const open = last === life.length - 1 && b.data.acks === 'degraded';
  return {
    region, server: a.data.server, outer: { from: a.started, to: b.ended }, inner: { from: a.ended, to: b.started }, stillFrom: still.ended,
    quietTo: life.slice(first, last + 1).findLast(({ data }) => data.waited === a.data.waited)?.started ?? a.started,
    ...(b.data.grouped ? { commits: null, waited: null } : { commits: b.data.alone - a.data.alone, waited: b.data.waited - a.data.waited }), open, diedBy,
    seen: { from: from?.started ?? a.started, to: open ? null : to?.ended ?? b.ended },
    length: from && to ? { ...between({ at: from.started, low: a.started, high: from.ended }, { at: to.ended, low: to.started, high: b.ended }), ...(open ? { high: Number.isFinite(diedBy) ? diedBy - a.started : null } : {}) } : { value: 0, low: 0, high: b.ended - a.started },
  };
}
