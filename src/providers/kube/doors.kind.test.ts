import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeKind } from '../../../test/kind.ts';
import { smallTopology } from '../../../test/contract/ground.ts';
import { mysql } from '../../census/mysql.ts';
import { must, type Exec } from '../../exec.ts';
import { asker } from './ask.ts';
import { inContainer } from './docker.ts';
import { clusterIn, type Ground } from './ground.ts';
import { readImages } from './images.ts';
import { ports } from './layout.ts';
import { edgeName } from './names.ts';
import { openGround } from './open.ts';
import { inPod, pidOf } from './pods.ts';
import { kind } from './provider.ts';

/** What a plain TCP connection meets: a database speaks first, or not; and what becomes of one that then says something in plain text, for a proxy that asks for TLS waits for that. */
const knock = `const s = require('node:net').connect({ host: process.argv[1], port: Number(process.argv[2]) });
const end = (w) => { console.log(w); process.exit(0); };
let spoken = false;
s.on('data', () => end('greeting')); s.on('close', () => end(spoken ? 'closed once it spoke' : 'closed')); s.on('error', (e) => end(e.code === 'ECONNREFUSED' ? 'refused' : spoken ? 'closed once it spoke' : 'closed'));
setTimeout(() => { spoken = true; s.write(Buffer.from('2000000105a63a0000000001210000000000000000000000000000000000000000000000', 'hex')); }, 2000); setTimeout(() => end('silent'), 7000);`;
const meets = (from: Exec, host: string, port: number) => must(from, ['node', '-e', knock, host, String(port)], { timeoutMs: 20_000 });

describeKind('the doors of a database in the mesh', () => {
  const run = { id: `doors-${process.pid}`, dir: '', endsWithinMs: 600_000 };
  const region = 'ap-northeast-2';
  let ground: Ground;
  beforeAll(async () => {
    run.dir = await mkdtemp(join(tmpdir(), 'regionfall-doors-'));
    const topology = kind.adapt?.(smallTopology('async'));
    if (!topology) throw new Error('the kind world adapts every topology');
    ground = await openGround({ topology, run, images: await readImages(), say: () => {}, signal: new AbortController().signal, kept: null, recipe: '', ask: (clusters) => asker(clusters, mysql.client) });
  }, 400_000);
  afterAll(async () => {
    await kind.sweep(run.id);
    await rm(run.dir, { recursive: true, force: true });
  }, 120_000);
  const podOf = () => ground.pods[region]?.database?.[0] ?? '';
  const agent = async () => inPod(clusterIn(ground, region), await pidOf(clusterIn(ground, region), 'agent'));

  test('a plain connection to MySQL from outside the mesh is refused', async () => {
    expect(await meets(await agent(), podOf(), ports.mesh)).toMatch(/^closed/);
    expect(await meets(await agent(), ground.layout.regions[0]?.database ?? '', ports.mesh)).toMatch(/^closed/);
  }, 60_000);

  test('through the mesh the same server greets, in its own region and from the other', async () => {
    for (const { name } of ground.layout.regions) {
      const app = inPod(clusterIn(ground, name), await pidOf(clusterIn(ground, name), 'app'));
      expect(await meets(app, ground.layout.regions[0]?.database ?? '', ports.mesh)).toBe('greeting');
    }
  }, 60_000);

  test('the door beside the mesh is for the drill\'s own addresses alone', async () => {
    const node = clusterIn(ground, region).address;
    expect(await meets(inContainer(edgeName(run, 'agent')), node, ports.database)).toBe('greeting');
    expect(await meets(inContainer(edgeName(run, 'pilot')), node, ports.database)).toBe('greeting');
    expect(await meets(inContainer(edgeName(run, 'control')), node, ports.database)).toBe('refused');
    expect(await meets(inContainer(edgeName(run, 'authority-1')), node, ports.database)).toBe('refused');
  }, 60_000);
});
