#!/usr/bin/env node
// The way in, for any Node: finds the Node 24 that came as a dependency and goes on there.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));
const needed = 24;
const major = (version) => Number(/^v?(\d+)/.exec(version)?.[1] ?? 0);

function stop(message, hint) {
  process.stderr.write(`regionfall: ${message}\n    hint: ${hint}\n`);
  process.exit(4);
}

function works(path) {
  return existsSync(path) && major(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout ?? '') >= needed;
}

function findNode() {
  if (major(process.version) >= needed) return process.execPath;
  const shipped = at('node_modules/node/bin/node');
  // npm may have been told to run no install scripts; then the binary is not there yet.
  if (!works(shipped) && existsSync(at('node_modules/node/installArchSpecificPackage.js'))) {
    spawnSync(process.execPath, ['installArchSpecificPackage.js'], { cwd: at('node_modules/node'), stdio: 'ignore' });
  }
  return works(shipped) ? shipped : stop(`this is Node ${process.version}; ${needed} or newer is needed`, 'run `npm ci` here, which brings one, or install Node 24');
}

if (!existsSync(at('node_modules/execa'))) stop('its packages are not installed', 'run `npm ci` in this folder first');
// The same way in serves jest, which must run on that Node too, with modules of its own.
const [first, ...rest] = process.argv.slice(2);
const quiet = '--disable-warning=ExperimentalWarning';
const node = findNode();
if (node === process.execPath && first !== '--jest') {
  process.removeAllListeners('warning'); // of type stripping, which is no news to anybody here
  await import(at('src/cli.ts'));
} else {
  const argv = first === '--jest' ? ['--experimental-vm-modules', quiet, at('node_modules/jest/bin/jest.js'), ...rest] : [quiet, at('src/cli.ts'), ...process.argv.slice(2)];
  const child = spawn(node, argv, { stdio: 'inherit' });
  // A terminal's Ctrl-C reaches the child by itself; one sent to this process alone is passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => { process.exitCode = signal ? 130 : code; });
}
