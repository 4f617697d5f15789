import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { BoundProbe } from '../../world.ts';
import { findK6, lackingForScripts } from './needs.ts';

const shoppers: BoundProbe = { name: 'shoppers', kind: 'k6', place: 'outside', everyMs: 50, timeoutMs: 250, params: { script: 'shop.js' }, script: 'the text' };
const path = process.env['PATH'] ?? '';
let dir = '';
beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), 'regionfall-test-')); process.env['PATH'] = `${dir}:/usr/bin:/bin`; });
afterEach(async () => { process.env['PATH'] = path; await rm(dir, { recursive: true }); });

/** Puts a k6 on the PATH that says this version, and this of any script. */
async function put(version: string, inspect = 'exit 0'): Promise<void> {
  const file = join(dir, 'k6');
  await writeFile(file, `#!/bin/sh\nif [ "$1" = version ]; then echo "k6 ${version} (go1.26)"; else ${inspect}; fi\n`);
  await chmod(file, 0o755);
}

test('nothing is lacking where no probe has a script, k6 or not', async () => {
  expect(await lackingForScripts([{ ...shoppers, script: undefined as never }])).toEqual([]);
});

test('a k6 that is not there is said to be wanted by whom, and where it comes from', async () => {
  process.env['PATH'] = dir;
  expect(await lackingForScripts([shoppers, { ...shoppers, name: 'others' }])).toEqual([{ what: 'k6: not there, or does not start; wanted by "shoppers", "others"', mend: expect.stringContaining('https://grafana.com/docs/k6') }]);
});

test('a k6 that is too old is not good enough, a newer one is', async () => {
  await put('v0.57.0');
  expect(await lackingForScripts([shoppers])).toEqual([{ what: expect.stringContaining('v0.57.0 (go1.26) is too old: version 1 or newer'), mend: expect.any(String) }]);
  await put('v2.0.1');
  expect(await lackingForScripts([shoppers])).toEqual([]);
  expect(await findK6()).toBe(join(dir, 'k6'));
});

test('a script that k6 does not understand is named, with k6\'s own word', async () => {
  await put('v1.8.1', '[ "$(cat)" = "the text" ] && echo \'time="x" level=error msg="could not load: Unexpected \\"}\\""\' >&2; exit 107');
  expect(await lackingForScripts([shoppers])).toEqual([{ what: 'k6 does not understand shop.js of "shoppers": could not load: Unexpected "}"', mend: expect.stringContaining('k6 inspect') }]);
});
