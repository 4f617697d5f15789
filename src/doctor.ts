import { DrillError } from './errors.ts';
import { here } from './exec.ts';
import type { Topology } from './topology.ts';
import type { BoundProbe, Provider, Shortfall } from './world.ts';

/** Tries a provider's needs and prints each shortfall with the command that mends it; true when there is none. */
export async function examine(provider: Provider, say: (line: string) => void): Promise<boolean> {
  const shortfalls = await provider.shortfalls();
  if (shortfalls.length === 0) say(`${provider.name}: ready`);
  for (const line of await provider.finds?.() ?? []) say(`${provider.name}: ${line}`);
  for (const { what, mend } of shortfalls) say(`${provider.name}: ${what}\n    mend: ${mend ?? 'nothing can be installed for this'}`);
  return shortfalls.length === 0;
}

/** Makes a provider ready, also for what these probes run and this topology chooses, or throws a DrillError that names every shortfall. With `mend`, the commands that mend are run first, each once. */
export async function makeReady(provider: Provider, mend: boolean, say: (line: string) => void, probes: readonly BoundProbe[] = [], topology?: Topology): Promise<void> {
  let shortfalls = await provider.shortfalls(probes, topology);
  if (mend && shortfalls.some((one) => one.mend?.startsWith('apt-get '))) {
    await installPackages(shortfalls, say);
    shortfalls = await provider.shortfalls(probes, topology);
  }
  if (shortfalls.length === 0) return;
  throw new DrillError('notReady', shortfalls.map(({ what, mend: command }) => ({
    message: `the ${provider.name} world cannot be opened here: ${what}`,
    hint: command === null ? 'no package mends this; another world may work: --on sim' : `${command}${command.startsWith('apt-get ') ? '   (or let --yes do it)' : ''}`,
  })));
}

/** Runs the apt-get commands of the shortfalls as one. No daemon may start: a policy that says so stands while it runs, if none stood before. */
async function installPackages(shortfalls: readonly Shortfall[], say: (line: string) => void): Promise<void> {
  const commands = shortfalls.map(({ mend }) => mend).filter((mend) => mend !== null && mend.startsWith('apt-get '));
  const packages = [...new Set(commands.flatMap((command) => command?.split(' ').slice(2).filter((word) => !word.startsWith('-')) ?? []))];
  say(`installing ${packages.join(' ')}`);
  const script = `export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d; made=
if [ ! -e $policy ]; then printf '#!/bin/sh\\nexit 101\\n' > $policy && chmod +x $policy && made=1; fi
trap '[ -z "$made" ] || rm -f $policy' EXIT
# A shell killed by a signal runs no EXIT trap unless the signal has one of its own.
trap 'exit 130' INT TERM HUP
apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" || exit
# What a package would have started now it would start at the next boot: these are wanted as programs, not as daemons.
for unit in "$@"; do [ -e /lib/systemd/system/$unit.service ] && systemctl disable "$unit" >/dev/null 2>&1; done; true`;
  const done = await here.run(['sh', '-c', script, 'install', ...packages], { timeoutMs: 600_000 });
  if (done.code !== 0) {
    throw new DrillError('notReady', { message: `the packages ${packages.join(' ')} could not be installed: ${(done.stderr || done.stdout).trim().split('\n').slice(-3).join(' ')}`, hint: process.getuid?.() === 0 ? 'see whether `apt-get update` works by itself' : 'installing packages needs root: run the same command with sudo' });
  }
}
