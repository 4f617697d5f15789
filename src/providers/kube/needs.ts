import { freemem } from 'node:os';
import { readFile } from 'node:fs/promises';
import { here } from '../../exec.ts';
import { DrillError } from '../../errors.ts';
import type { Shortfall } from '../../world.ts';
import { imagesOfCluster, readImages, type Images } from './images.ts';
import { carried } from './image.ts';

/** What two regions, their meshes and databases, and the edge take while a drill runs (GiB): measured, and a little more. */
const neededGiB = 5;

const packageOf: Readonly<Record<(typeof carried)[number], string>> = { unbound: 'unbound', ip: 'iproute2', nft: 'nftables', chrt: 'util-linux' };

/** Commands that make a world on kind, how each is tried, and where to get it. */
const commands: readonly { readonly argv: readonly string[]; readonly mend: string | null; readonly where: string }[] = [
  { argv: ['kind', 'version'], mend: null, where: 'https://kind.sigs.k8s.io' },
  { argv: ['istioctl', 'version', '--remote=false'], mend: null, where: 'https://istio.io' },
  { argv: ['openssl', 'version'], mend: 'apt-get install -y --no-install-recommends openssl', where: '' },
  ...carried.map((program) => ({ argv: ['sh', '-c', `PATH="$PATH:/usr/sbin:/sbin" command -v ${program}`], mend: `apt-get install -y --no-install-recommends ${packageOf[program]}`, where: '' })),
];

/** What keeps the kind world from opening here, each found by trying it, with nothing made yet. Empty when nothing does. */
export async function findShortfalls(): Promise<Shortfall[]> {
  const engine = await here.run(['docker', 'version', '-f', '{{.Server.Version}}'], { timeoutMs: 10_000 });
  if (engine.code !== 0) return [{ what: `no container engine answers: ${(engine.stderr || engine.stdout).trim().split('\n').at(-1) ?? ''}`, mend: null }];
  const tried = await Promise.all(commands.map(async ({ argv, mend, where }) => ({ works: (await here.run(argv, { timeoutMs: 20_000 })).code === 0, what: `${argv[0] === 'sh' ? argv.at(-1)?.split(' ').at(-1) : argv[0]}: not there, or does not start${where && ` (${where})`}`, mend })));
  const missing = tried.filter(({ works }) => !works).map(({ what, mend }): Shortfall => ({ what, mend }));
  return [...missing, ...await tryMemory(), ...await tryImages()];
}

async function tryMemory(): Promise<Shortfall[]> {
  const info = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const freeGiB = Number(/^MemAvailable:\s+(\d+) kB/m.exec(info)?.[1] ?? freemem() / 1024) / 2 ** 20;
  return freeGiB >= neededGiB ? [] : [{ what: `${neededGiB} GiB of memory are needed for two clusters, ${freeGiB.toFixed(1)} GiB are free`, mend: null }];
}

async function tryImages(): Promise<Shortfall[]> {
  let images: Images;
  try { images = await readImages(); } catch (error) {
    if (error instanceof DrillError) return error.problems.map(({ message, file }): Shortfall => ({ what: `${file ?? 'images'}: ${message}`, mend: null }));
    throw error;
  }
  // The node and the base are used by this engine; the others by the clusters, unless they are inside the node image.
  const wanted = [images.node, images.runtime, ...imagesOfCluster(images).filter((image) => !images.inside.includes(image))];
  const lacking = (await Promise.all(wanted.map(async (image) => ((await canBeHad(image)) ? null : image)))).filter((image) => image !== null);
  return lacking.length === 0 ? [] : [{ what: `images that are not here and cannot be had: ${lacking.join(', ')} (others can be named in a file, with --images or REGIONFALL_IMAGES: see clusters/images.yaml)`, mend: null }];
}

/** Here already, or its registry answers for it. */
async function canBeHad(image: string): Promise<boolean> {
  if ((await here.run(['docker', 'image', 'inspect', image], { timeoutMs: 20_000 })).code === 0) return true;
  return (await here.run(['docker', 'manifest', 'inspect', image], { timeoutMs: 8_000 })).code === 0;
}
