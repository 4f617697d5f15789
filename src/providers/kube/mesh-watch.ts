// Looks at the proxy of a gateway from inside its pod, and says in lines of JSON what changed: which endpoints of the app it holds for healthy, and where it sends users.
import { get } from 'node:http';
import { hostMs } from '../../clock.ts';
import { changesIn, requestsBetween, standingOf, type Change, type Standing } from './proxy.ts';

const everyMs = 1_000;
const [region = '', cluster = ''] = process.argv.slice(2);
let before: Standing | null = null;
let served = '';

/** Where most requests since the look before went, if that is another region than before. */
function moved(from: Standing, now: Standing): Change[] {
  const [most] = [...requestsBetween(from, now)].sort((a, b) => b[1] - a[1]);
  if (most === undefined || most[0] === served) return [];
  const was = served;
  served = most[0];
  return was === '' ? [] : [{ what: 'sends users', subject: `${served}/app`, evidence: { from: was, requests: most[1] } }];
}

setInterval(() => {
  const asked = hostMs();
  get({ host: '127.0.0.1', port: 15_000, path: '/clusters?format=json', agent: false, timeout: everyMs }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; }).on('end', () => {
      const now = standingOf(text, cluster);
      if (now === null) return;
      for (const change of before === null ? [] : [...changesIn(before, now), ...moved(before, now)]) process.stdout.write(`${JSON.stringify({ t: asked, who: `mesh/${region}`, errorMs: everyMs, ...change })}\n`);
      before = now;
    });
  }).on('error', () => {}); // a proxy that is down says nothing of its endpoints
}, everyMs);
process.stdout.on('error', () => process.exit(0));
process.stdin.resume().on('end', () => process.exit(0)); // behind docker exec no signal arrives, but the end of stdin does
