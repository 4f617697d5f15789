import { must, type Exec } from '../../exec.ts';
import type { Cut, Side } from '../../world.ts';
import { elementsText, flapScript, removalText, rulesText, type NftCut } from '../nft.ts';
import { leaveBehind } from '../watchdog.ts';
import { groundOf, networksOf, type Addresses } from './addresses.ts';
import { routerNetns, table } from './network.ts';

/** Where cuts are made: addresses, and a place to run commands in a network namespace. */
export interface CutGround { readonly addresses: Addresses; in(netns: string): Exec }

/** Cuts two sides apart and answers how to take it back. One set per cut, whose elements the kernel itself lets expire; an expired set cuts nothing. */
export async function cutLink(ground: CutGround, id: string, a: Side, b: Side, how: Cut, forMs: number): Promise<() => Promise<void>> {
  const cut: NftCut = { table, chains: ['cuts'], set: `cut${id}`, left: networksOf(ground.addresses, a, b), right: networksOf(ground.addresses, b, a), how };
  const where = ground.in(await chainFor(ground, a, b));
  await must(where, ['nft', '-f', '-'], { input: `${rulesText(cut)}\n${how.flap ? '' : elementsText(cut, forMs)}\n` });
  const stopFlapping = how.flap ? await leaveBehind(where, `/run/flap${id}`, flapScript(cut, how.flap, forMs)) : async () => {};
  return async () => {
    await stopFlapping();
    const removal = removalText(cut, await must(where, ['nft', '-a', 'list', 'table', ...table.split(' ')]));
    if (removal !== '') await must(where, ['nft', '-f', '-'], { input: removal });
  };
}

/** The namespace whose chain sees what is to be cut: the router, which all between places crosses, or, for two parts of one place, that place itself. */
async function chainFor(ground: CutGround, a: Side, b: Side): Promise<string> {
  if (a === 'rest' || b === 'rest' || a.place !== b.place) return routerNetns;
  if (a.part === undefined || b.part === undefined) throw new Error(`both sides are ${a.place}: name two parts of it`);
  const { netns } = groundOf(ground.addresses, a.place);
  await must(ground.in(netns), ['nft', `add table ${table}; add chain ${table} cuts { type filter hook input priority -300; policy accept; }`]);
  return netns;
}
