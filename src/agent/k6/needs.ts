import { here } from '../../exec.ts';
import type { BoundProbe, Shortfall } from '../../world.ts';

/** Points carry what the drill adds to them, and these options are known, since this major version. */
const leastMajor = 1;
const where = 'https://grafana.com/docs/k6/latest/set-up/install-k6';

/** What keeps these probes' scripts from being run by the k6 of this machine, tried: k6 itself, and whether it understands each script. Empty where no probe has one. */
export async function lackingForScripts(probes: readonly BoundProbe[]): Promise<Shortfall[]> {
  const scripts = probes.filter((probe) => probe.script !== undefined);
  if (scripts.length === 0) return [];
  const names = scripts.map(({ name }) => `"${name}"`).join(', ');
  const version = await here.run(['k6', 'version'], { timeoutMs: 20_000 });
  const major = /\bv(\d+)\./.exec(version.stdout)?.[1];
  const mend = `install it (${where}), or take ${names} out of the scenario`;
  if (version.code !== 0 || major === undefined) return [{ what: `k6: not there, or does not start; wanted by ${names}`, mend }];
  if (Number(major) < leastMajor) return [{ what: `k6: ${version.stdout.trim()} is too old: version ${leastMajor} or newer is needed for ${names}`, mend }];
  const tried = await Promise.all(scripts.map(async ({ name, params, script }): Promise<Shortfall | null> => {
    const done = await here.run(['k6', 'inspect', '-'], { input: script ?? '', timeoutMs: 20_000 });
    return done.code === 0 ? null : { what: `k6 does not understand ${String(params['script'])} of "${name}": ${lastWord(done.stderr)}`, mend: 'mend the script: `k6 inspect` says the same of it' };
  }));
  return tried.filter((one) => one !== null);
}

/** Where the k6 of this machine lies; null where there is none. */
export async function findK6(): Promise<string | null> {
  const done = await here.run(['sh', '-c', 'realpath "$(command -v k6)"'], { timeoutMs: 5_000 });
  return done.code === 0 ? done.stdout.trim() : null;
}

function lastWord(stderr: string): string {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  return (/msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1]?.replaceAll('\\"', '"') ?? line).slice(0, 300);
}
