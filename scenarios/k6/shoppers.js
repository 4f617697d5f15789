// A script as k6 takes it: TARGET is where the drill's watch entry aims, TIMEOUT how long a request may take there. Rate and clients are the entry's too.
import http from 'k6/http';

export default function () {
  http.get(`${__ENV.TARGET}/orders`, { timeout: __ENV.TIMEOUT });
}
