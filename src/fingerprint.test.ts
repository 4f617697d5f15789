import { expect, test } from '@jest/globals';
import { fingerprint, metricsVersion } from './fingerprint.ts';
import { hashOf } from './plan.ts';

const hashes = { scenario: 'aaaa', settings: 'bbbb' };
const about = { versions: { mariadb: '10.11.11', node: '24.1.0' }, machine: { cpus: 2 } };

test('a hash does not know the order of keys, and knows the order of lists and every value', () => {
  expect(hashOf({ a: 1, b: { c: [1, 2], d: null } })).toBe(hashOf({ b: { d: null, c: [1, 2] }, a: 1 }));
  const different = [{ a: [1, 2] }, { a: [2, 1] }, { a: ['1', 2] }, { a: [1, 2], b: null }, { a: { 0: 1, 1: 2 } }, null, []];
  expect(new Set(different.map(hashOf)).size).toBe(different.length);
  expect(hashOf({ a: 1 })).toMatch(/^[0-9a-f]{16}$/);
});

test('a fingerprint covers scenario, settings, versions and metrics, and not the machine', () => {
  const one = fingerprint({ hashes }, about);
  expect(one).toMatchObject({ scenario: 'aaaa', settings: 'bbbb', metrics: metricsVersion, versions: about.versions, machine: { cpus: 2 } });
  expect(fingerprint({ hashes }, { ...about, machine: { cpus: 64 } }).hash).toBe(one.hash);
  expect(fingerprint({ hashes: { ...hashes, scenario: 'cccc' } }, about).hash).not.toBe(one.hash);
  expect(fingerprint({ hashes: { ...hashes, settings: 'cccc' } }, about).hash).not.toBe(one.hash);
  expect(fingerprint({ hashes }, { ...about, versions: { ...about.versions, mariadb: '11.4.3' } }).hash).not.toBe(one.hash);
});
