import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { here, must } from '../../exec.ts';
import { docker } from './docker.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Where this repository's programs are inside the image. */
export const inImage = '/opt/regionfall';
/** Where programs of this host are inside the image, with the libraries they need: they run on any base. */
export const tools = '/opt/tools';
/** Programs of this host that the edge needs. A registry's Node image has none of them, and where none is reached nothing can be installed into one. */
export const carried = ['unbound', 'ip', 'nft', 'chrt'] as const;
/** What is started in containers: run once while the image is made, without a word of what to do, so that what was compiled is kept. */
const programs = ['agent/main.ts', 'system/app/main.ts', 'system/gslb/main.ts', 'system/gslb/authority.ts', 'system/pilot/main.ts', 'providers/kube/mesh-watch.ts'].join(' ');
/** What app, agents and the system's programs import from outside. */
const packages = ['zod', 'mysql2', 'dns-packet'];

/** Builds the one image of app, agents and edge from this repository and the base; its name, which changes with what is in it. */
export async function buildImage(base: string, signal: AbortSignal): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'regionfall-image-'));
  try {
    await fillContext(dir, base);
    const sum = await must(here, ['sh', '-c', `cd "$0" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum`, dir]);
    const name = `regionfall.local/programs:${createHash('sha256').update(sum).digest('hex').slice(0, 12)}`;
    const known = await here.run(['docker', 'image', 'inspect', name], { timeoutMs: 30_000 });
    if (known.code !== 0) await docker(['build', '-q', '-t', name, dir], { env: { DOCKER_BUILDKIT: '0' }, timeoutMs: 300_000, signal }); // the classic builder is there wherever docker is
    return name;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function fillContext(dir: string, base: string): Promise<void> {
  await mkdir(join(dir, 'tools'));
  await Promise.all([
    cp(join(root, 'src'), join(dir, 'src'), { recursive: true, filter: (path) => !/\.test\.ts$|providers\/(sim|embedded)|reporters|calibrate/.test(path) }),
    cp(join(root, 'package.json'), join(dir, 'package.json')),
    ...[...await closureOf(packages)].map((name) => cp(join(root, 'node_modules', name), join(dir, 'node_modules', name), { recursive: true })),
    ...carried.map((program) => carry(program, join(dir, 'tools'))),
  ]);
  await writeFile(join(dir, 'Dockerfile'), `FROM ${base}
COPY tools ${tools}
COPY node_modules ${inImage}/node_modules
COPY package.json ${inImage}/package.json
COPY src ${inImage}/src
ENV NODE_COMPILE_CACHE=/opt/node-cache
RUN cd ${inImage}/src && for program in ${programs}; do timeout 20 node --disable-warning=ExperimentalWarning $program </dev/null >/dev/null 2>&1 || true; done
ENTRYPOINT []
`);
}

/** Packages and all that they depend on. */
async function closureOf(names: readonly string[], found = new Set<string>()): Promise<Set<string>> {
  for (const name of names) {
    if (found.has(name)) continue;
    found.add(name);
    const { dependencies = {} } = JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { dependencies?: Record<string, string> };
    await closureOf(Object.keys(dependencies), found);
  }
  return found;
}

/** Copies a program with its own loader and libraries, and a script of its name that starts it with them. */
async function carry(program: string, into: string): Promise<void> {
  const path = await realpath((await must(here, ['sh', '-c', `PATH="$PATH:/usr/sbin:/sbin" command -v ${program}`])).trim());
  const needed = [...(await must(here, ['ldd', path])).matchAll(/(\/\S+)/g)].map((match) => match[1] ?? '');
  const lib = join(into, `${program}.d`);
  await mkdir(lib);
  await cp(path, join(lib, program));
  for (const library of needed) await cp(await realpath(library), join(lib, basename(library)), { force: true });
  const loader = needed.map((library) => basename(library)).find((name) => name.startsWith('ld-')) ?? '';
  const self = join(tools, `${program}.d`);
  await writeFile(join(into, program), `#!/bin/sh\nexec ${self}/${loader} --library-path ${self} ${self}/${program} "$@"\n`, { mode: 0o755 });
}

/** Puts an image that this engine has into a cluster's node. */
export async function loadImage(image: string, cluster: string, signal: AbortSignal): Promise<void> {
  await must(here, ['kind', 'load', 'docker-image', '-q', '--name', cluster, image], { timeoutMs: 180_000, signal });
}

