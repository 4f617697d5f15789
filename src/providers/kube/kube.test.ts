import { describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { smallTopology } from '../../../test/contract/ground.ts';
import { here } from '../../exec.ts';
import { cutIn, networksOf, type Ground } from './ground.ts';
import { imagesOfCluster, readImages } from './images.ts';
import type { Cluster } from './kind.ts';
import { layOut } from './layout.ts';
import { clusterOf, stem } from './names.ts';
import { changesIn, requestsBetween, standingOf } from './proxy.ts';
import { fillIn, objectsIn, readObjects } from './template.ts';

const topology = smallTopology('semi-sync');
const layout = layOut(topology, '10.89.7');
const cluster = (region: string, address: string): Cluster => ({ region, name: region, kubeconfig: '', context: '', node: here, address });
const ground: Ground = {
  layout,
  clusters: new Map([['ap-northeast-2', cluster('ap-northeast-2', '10.89.7.128')], ['us-west-2', cluster('us-west-2', '10.89.7.129')]]),
  pods: { 'ap-northeast-2': { database: ['10.201.0.9'] }, 'us-west-2': { database: ['10.202.0.9'] } },
};

describe('what a cut means in addresses', () => {
  test('a region is its node and all its pods, the rest everything but the host', () => {
    expect(networksOf(ground, { place: 'us-west-2' }, 'rest')).toEqual(['10.89.7.129', '10.202.0.0/16']);
    expect(networksOf(ground, 'rest', { place: 'us-west-2' })).toEqual(['10.89.7.2-10.89.7.127', '10.89.7.128', '10.201.0.0/16']);
    expect(layout.host).toBe('10.89.7.1');
  });

  test('a part is the pods behind it, cut in the nodes of both sides', () => {
    expect(networksOf(ground, { place: 'us-west-2', part: 'database' }, 'rest')).toEqual(['10.202.0.9']);
    expect(cutIn(ground, { place: 'us-west-2' }, { place: 'ap-northeast-2' }).map(({ region }) => region)).toEqual(['us-west-2', 'ap-northeast-2']);
    expect(cutIn(ground, { place: 'us-west-2' }, 'rest').map(({ region }) => region)).toEqual(['us-west-2']);
  });

  test('the outside leaves the control point alone', () => {
    expect(networksOf(ground, { place: 'outside' }, { place: 'us-west-2' })).toEqual(['10.89.7.2-10.89.7.125']);
    expect(layout.control).toBe('10.89.7.126');
  });

  test('nothing, and a place that is not there, are refused', () => {
    expect(() => networksOf(ground, 'rest', 'rest')).toThrow('cuts nothing');
    expect(() => networksOf(ground, { place: 'nowhere' }, 'rest')).toThrow('no region "nowhere"');
  });
});

describe('files of clusters/', () => {
  test('a word that nobody gave is an error that names it', async () => {
    await expect(fillIn('mysql/instance.yaml', { region: 'x' })).rejects.toThrow('${address}');
  });

  test('a value of several lines stays inside its block', async () => {
    const objects = await objectsIn('app/app.yaml', { region: 'x', image: 'i', configHash: 'h', config: '{\n  "a": 1\n}' });
    const map = objects.find(({ kind }) => kind === 'ConfigMap') as { data?: Record<string, string> } | undefined;
    expect(JSON.parse(map?.data?.['app.json'] ?? '')).toEqual({ a: 1 });
  });

  test('empty documents are passed over', () => {
    expect(readObjects('# said first\nkind: A\napiVersion: v1\n---\n---\n# nothing\n---\nkind: B\napiVersion: v1\n---\n').map(({ kind }) => kind)).toEqual(['A', 'B']);
  });
});

describe('images', () => {
  test('an override says only what differs', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'regionfall-images-'));
    const file = join(dir, 'images.yaml');
    try {
      await writeFile(file, 'mysql: here/mysql:9\nistio: { tag: 9.9.9 }\n');
      const images = await readImages(file);
      expect(imagesOfCluster(images)).toEqual(['here/mysql:9', 'docker.io/istio/pilot:9.9.9', 'docker.io/istio/proxyv2:9.9.9']);
      await writeFile(file, 'mysgl: here/mysql:9\n');
      await expect(readImages(file)).rejects.toThrow(file);
      await expect(readImages(join(dir, 'none.yaml'))).rejects.toThrow('cannot be read');
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});

test('names are short, differ by run, and are one for all runs that keep', () => {
  expect(clusterOf({ id: 'a' }, 'us-west-2')).not.toBe(clusterOf({ id: 'b' }, 'us-west-2'));
  expect(stem({ id: 'a', keep: true })).toBe(stem({ id: 'b', keep: true }));
  // A node's name is a host name: 63 characters at most, and a region's name may have 32.
  expect(`${clusterOf({ id: 'a' }, 'r'.repeat(32))}-control-plane`.length).toBeLessThanOrEqual(63);
});

describe('what a proxy thinks of its endpoints', () => {
  const host = (address: string, region: string, ejected: boolean, requests: number) => ({
    address: { socket_address: { address, port_value: 8080 } }, locality: { region }, health_status: { eds_health_status: 'HEALTHY', ...(ejected ? { failed_outlier_check: true } : {}) },
    stats: [{ name: 'cx_total', value: '7' }, { name: 'rq_total', value: String(requests) }],
  });
  const look = (...hosts: unknown[]) => standingOf(JSON.stringify({ cluster_statuses: [{ name: 'other', host_statuses: [] }, { name: 'app', host_statuses: hosts }] }), 'app');

  test('ejections, returns, comings and goings are told by region', () => {
    const first = look(host('10.0.0.1', 'east', false, 5), host('10.0.0.2', 'west', true, 0));
    const then = look(host('10.0.0.1', 'east', true, 6), host('10.0.0.2', 'west', false, 9), host('10.0.0.3', 'west', false, 1));
    if (!first || !then) throw new Error('not read');
    expect(changesIn(first, then).map(({ what, subject }) => `${what} ${subject}`)).toEqual(['ejected east/app', 'returned west/app', 'endpoint new west/app']);
    expect(changesIn(then, first).at(-1)).toEqual({ what: 'endpoint gone', subject: 'west/app', evidence: { address: '10.0.0.3:8080' } });
    expect([...requestsBetween(first, then)]).toEqual([['east', 1], ['west', 10]]);
    expect(changesIn(first, first)).toEqual([]);
  });

  test('what is cut off or elsewhere is nothing', () => {
    expect(standingOf('{"cluster_sta', 'app')).toBeNull();
    expect(standingOf('{}', 'app')).toBeNull();
  });
});
