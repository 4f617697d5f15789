import type { Cut } from '../world.ts';

/** A cut as nft has it: a set of address pairs that expire by themselves, and in each chain the rules that act on it. `left`, `right`: the networks of its first and second side. */
export interface NftCut { readonly table: string; readonly chains: readonly string[]; readonly set: string; readonly left: readonly string[]; readonly right: readonly string[]; readonly how: Cut }

/** A refusal must get out itself, where a chain also sees what its own host sends: resets and ICMP errors are let through. */
const rejections = [
  'tcp flags & rst == 0x0 counter reject with tcp reset', 'meta l4proto != { tcp, icmp } counter reject with icmpx type admin-prohibited',
  'icmp type != destination-unreachable counter reject with icmpx type admin-prohibited',
] as const;

/** What nft is told to make the set, still empty, and its rules: an empty set cuts nothing. */
export function rulesText({ table, chains, set, how }: NftCut): string {
  const pairs = `ip saddr . ip daddr @${set}`;
  const some = how.sharePct === undefined ? '' : ` numgen random mod 10000 < ${Math.round(how.sharePct * 100)}`;
  const acts = how.how === 'drop' ? ['counter drop'] : rejections;
  return [
    `add set ${table} ${set} { type ipv4_addr . ipv4_addr; flags interval,timeout; }`,
    ...chains.flatMap((chain) => acts.map((act) => `add rule ${table} ${chain} ${pairs}${some} ${act} comment "${set}"`)),
  ].join('\n');
}

/** What nft is told to cut from now on for `forMs`; the kernel itself lets it expire. */
export function elementsText({ table, set, left, right, how }: NftCut, forMs: number): string {
  const timeout = `timeout ${Math.max(1, Math.round(forMs))}ms`;
  const pairs = left.flatMap((one) => right.flatMap((two) => [
    ...(how.direction === 'in' ? [] : [`${one} . ${two} ${timeout}`]),
    ...(how.direction === 'out' ? [] : [`${two} . ${one} ${timeout}`]),
  ]));
  return `add element ${table} ${set} { ${pairs.join(', ')} }`;
}

/** Shell that cuts again and again as `flap` says, for `forMs` in all, once the set and its rules are there; each cut ends by itself, also where the shell is ended. */
export function flapScript(cut: NftCut, { onMs, offMs }: NonNullable<Cut['flap']>, forMs: number): string {
  const times = Math.ceil(forMs / (onMs + offMs));
  return Array.from({ length: times }, (_, index) => Math.min(onMs, forMs - index * (onMs + offMs)))
    .map((biteMs) => `nft -f - <<'END_OF_CUT'\n${elementsText(cut, biteMs)}\nEND_OF_CUT\nsleep ${((onMs + offMs) / 1000).toFixed(3)}`).join('\n');
}

/** What nft is told to take a cut out again; `listing` is the table with handles (`nft -a list table`). Empty where nothing of it is there. */
export function removalText({ table, chains, set }: Pick<NftCut, 'table' | 'chains' | 'set'>, listing: string): string {
  const handles = chains.flatMap((chain) => {
    const at = listing.indexOf(`chain ${chain} {`);
    const rules = at < 0 ? '' : listing.slice(at).split('\n\t}')[0] ?? '';
    return [...rules.matchAll(new RegExp(`comment "${set}" # handle (\\d+)`, 'g'))].map((match) => `delete rule ${table} ${chain} handle ${match[1]}`);
  });
  return handles.length === 0 ? '' : [...handles, `delete set ${table} ${set}`, ''].join('\n');
}
