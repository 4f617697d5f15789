import { z } from 'zod';
import { log } from '../log.ts';
import { makeBalance, type Balance } from './balance.ts';
import { check } from './check.ts';
import { runChecker } from './checker.ts';
import { readConfig } from '../config.ts';
import { gslbSchema, type GslbConfig } from './config.ts';
import { serveControl, type Routes } from './control.ts';
import { makePress, type Press } from './publish.ts';

function startCheckers(config: GslbConfig, balance: Balance): void {
  for (const region of config.regions) {
    for (const checker of config.checkers) {
      const what = { from: checker.address, endpoint: region.endpoint, path: config.path, connectTimeoutMs: config.connectTimeoutMs, responseTimeoutMs: config.responseTimeoutMs };
      const schedule = { intervalMs: config.intervalMs, phaseMs: Math.random() * config.intervalMs, threshold: config.threshold };
      runChecker(() => check(what), schedule, (opinion, why) => balance.hear(region.name, checker.name, opinion.healthy, why));
    }
  }
}

function routesOf(config: GslbConfig, balance: Balance, press: Press, begin: () => void): Routes {
  const regionName = z.enum(config.regions.map((region) => region.name));
  const state = () => ({ ...balance.state(), zone: press.zone(), authorities: press.held() });
  const asPrimary = z.strictObject({ region: regionName });
  const asLatch = z.strictObject({ region: regionName, held: z.boolean() });
  const asAddresses = z.strictObject({ addresses: z.array(z.ipv4()) });
  return {
    'POST /check': () => { begin(); return { status: 200, body: state() }; },
    'GET /state': () => ({ status: 200, body: state() }),
    'PUT /names/database': (body) => {
      press.change(config.database.name, asAddresses.parse(body).addresses, config.publishDelayMs);
      return { status: 202, body: state() };
    },
    'POST /primary': (body) => { balance.makePrimary(asPrimary.parse(body).region); return { status: 200, body: state() }; },
    'POST /latch': (body) => {
      const { region, held } = asLatch.parse(body);
      balance.hold(region, held);
      return { status: 200, body: state() };
    },
  };
}

async function open(config: GslbConfig): Promise<void> {
  const press = makePress(config.authorities, { [config.service.name]: config.service.ttlMs, [config.database.name]: config.database.ttlMs }, config.negativeTtlMs, config.control.host);
  let delayMs = 0; // the first answer is what the zone starts with, not a change to it
  const balance = makeBalance(config, log, (answering) => {
    const found = config.regions.filter(({ name }) => answering.includes(name));
    const weights = found.flatMap(({ weight }) => weight ?? []);
    press.change(config.service.name, found.map(({ address }) => address), delayMs, weights.length > 0 ? weights : undefined);
  });
  delayMs = config.publishDelayMs;
  let begun = false;
  const begin = () => {
    if (begun) return;
    begun = true;
    startCheckers(config, balance);
    log('checking', 'gslb', { checkers: config.checkers.length });
  };
  await serveControl(config.control, routesOf(config, balance, press, begin));
  if (config.checks === 'at once') begin();
  log('listening', 'gslb', { ...config.control });
}

process.on('SIGTERM', () => process.exit(0));
try {
  await open(readConfig(gslbSchema, process.argv[2]));
} catch (error) {
  process.stderr.write(`gslb: ${(error as Error).message}\n`);
  process.exit(1);
}
