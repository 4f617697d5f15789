import { request } from 'node:http';
import { log } from '../log.ts';
import { because, type Pilot } from './pilot.ts';

const answerLimitMs = 2_000;

/** Points the database's name at the primary of now; false, and a line in the log, when the load balancer does not take it. */
export async function publish(pilot: Pilot): Promise<boolean> {
  const { region, host } = pilot.roles.primary;
  try {
    await tell(pilot, 'PUT', '/names/database', { addresses: [host] });
    pilot.roles.published = region;
    return true;
  } catch (error) {
    log('publish failed', region, { because: because(error) });
    return false;
  }
}

/** Says something to the load balancer; rejects unless it answers 2xx in time. */
export async function tell(pilot: Pilot, method: 'PUT' | 'POST', path: string, body: unknown): Promise<void> {
  const { host, port } = pilot.config.gslb;
  await new Promise<void>((resolve, reject) => {
    const asked = request({ host, port, method, path, localAddress: pilot.config.from, headers: { 'content-type': 'application/json' }, agent: false }, (answer) => {
      answer.resume();
      const { statusCode = 0 } = answer;
      if (statusCode >= 200 && statusCode < 300) resolve(); else reject(new Error(`${method} ${path}: status ${statusCode}`));
    });
    asked.setTimeout(answerLimitMs, () => asked.destroy(new Error(`${method} ${path}: no answer within ${answerLimitMs} ms`)));
    asked.on('error', reject);
    asked.end(JSON.stringify(body));
  });
}
