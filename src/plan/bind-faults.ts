import { bindWith, kindOf, refuse, type Binding } from './bind.ts';
import { checkReferences } from './bind-references.ts';
import { sayDuration } from '../duration.ts';
import { sayLook } from '../fault.ts';
import { sayPath } from '../scenario/issues.ts';
import { checkPulls } from './bind-pulls.ts';
import type { BoundFault } from './bound.ts';
import type { BreakEntry } from '../scenario.ts';
import type { Path } from '../scenario/yaml-file.ts';

/** Every fault of the scenario, bound; the world has its levers, what it names is there, and no two fight over one thing. */
export function bindFaults(binding: Binding): BoundFault[] {
  const faults = binding.scenario.break.flatMap((entry) => bindEntry(binding, entry));
  checkFights(binding, faults);
  return faults;
}

function bindEntry(binding: Binding, entry: BreakEntry): BoundFault[] {
  const path: Path = ['break', entry.name];
  const atMostMs = bindTimes(binding, entry);
  const fault = kindOf(binding, binding.catalogue.faults, entry.fault, 'fault', [...path, 'fault']);
  if (!fault) return [];
  const params = bindWith(binding, path, fault.params, entry.with);
  if (!params) return [];
  checkLevers(binding, typeof fault.needs === 'function' ? fault.needs(params) : fault.needs, fault.kind, [...path, 'fault']);
  const found = binding.problems.length;
  checkReferences(binding, path, params, { probes: [], writers: [], servers: null });
  if (binding.problems.length > found) return [];
  checkPulls(binding, fault.pulls?.(params, binding.topology) ?? [], [...path, 'with']);
  const place = typeof params['region'] === 'string' ? params['region'] : null;
  return [{ name: entry.name, fault, params, place, atMs: entry.atMs, until: entry.untilMs ?? 'recovered', atMostMs }];
}

function checkLevers(binding: Binding, needs: readonly string[], kind: string, path: Path): void {
  const { name, levers, senses } = binding.offer;
  const missing = needs.filter((lever) => !(levers as ReadonlySet<string>).has(lever));
  if (missing.length > 0) refuse(binding, path, `the ${name} world cannot ${missing.join(' or ')}, which ${kind} needs here; it can ${[...levers].join(', ') || 'break nothing'}`, 'break something else, or choose another world with --on');
  if (!senses.has('reach')) refuse(binding, path, `the ${name} world cannot reach, so nothing would show that ${kind} bites`, 'a fault that is not proven proves nothing: choose another world with --on');
}

/** How long the fault lasts at most, in ms. */
function bindTimes(binding: Binding, entry: BreakEntry): number {
  const path: Path = ['break', entry.name];
  const { stableMs } = binding.scenario;
  if (binding.mended.has(sayPath(path))) return entry.untilMs ?? 1;
  if (entry.untilMs === null && entry.atMostMs === null) {
    refuse(binding, [...path, 'until'], `break > ${entry.name}: "until: recovered" has no end of its own`, 'write how long it may last: at most: 4m');
    return 1;
  }
  const atMostMs = entry.atMostMs ?? entry.untilMs ?? 1;
  if (entry.untilMs !== null && entry.untilMs > atMostMs) refuse(binding, [...path, 'at most'], `break > ${entry.name}: until ${sayDuration(entry.untilMs)} is longer than at most ${sayDuration(atMostMs)}`, 'drop "at most": with a duration, "until" is the end');
  if (entry.untilMs === null && atMostMs <= stableMs && !binding.mended.has('stable')) {
    refuse(binding, [...path, 'at most'], `break > ${entry.name}: at most ${sayDuration(atMostMs)} leaves no room for ${sayDuration(stableMs)} of good looks in a row (stable)`, 'recovered means good for as long as "stable" before anything is healed: allow more, or ask for a shorter "stable"');
  }
  return entry.untilMs ?? atMostMs;
}

function checkFights(binding: Binding, faults: readonly BoundFault[]): void {
  const timed = faults.filter((fault) => !binding.mended.has(sayPath(['break', fault.name])));
  timed.forEach((later, index) => {
    for (const earlier of timed.slice(0, index)) checkFight(binding, earlier, later);
  });
}

/** Two faults fight where they hold one thing at one time; and where one hides every sign of the other, nothing could prove it. */
function checkFight(binding: Binding, one: BoundFault, other: BoundFault): void {
  const [first, second] = one.atMs <= other.atMs ? [one, other] : [other, one];
  if (second.atMs > first.atMs + first.atMostMs) return;
  const { topology } = binding;
  const path: Path = ['break', second.name, 'at'];
  const when = `${sayDuration(second.atMs)} into the break, when "${first.name}" may last until ${sayDuration(first.atMs + first.atMostMs)}`;
  const hint = 'let one end before the other begins, or break something else';
  const held = new Set(first.fault.touches(first.params, topology));
  const both = second.fault.touches(second.params, topology).filter((thing) => held.has(thing));
  if (both.length > 0) {
    refuse(binding, path, `"${first.name}" and "${second.name}" fight over ${both.join(' and ')}: ${when}`, hint);
    return;
  }
  const hidden = new Set(first.fault.proof(first.params, topology).map(sayLook));
  if (second.fault.proof(second.params, topology).every((proof) => hidden.has(sayLook(proof)))) refuse(binding, path, `"${first.name}" hides every sign of "${second.name}": ${when}`, hint);
}
