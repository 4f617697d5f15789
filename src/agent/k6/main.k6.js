// What k6 runs around a person's own script: the schedule and the number of clients are the drill's, thresholds go, every other option stays. What k6 does
// not tell by itself goes with each point: the iteration's number and start, when the schedule began, and when a request was asked for (wall ms).
import exec from 'k6/execution';
import http from 'k6/http';
import * as theirs from './theirs.js';

const { thresholds, scenarios, vus, duration, iterations, stages, ...kept } = theirs.options || {};
export const options = { ...kept, systemTags: ['status', 'error', 'error_code', 'expected_response', 'ip'], scenarios: { looks: JSON.parse(__ENV.REGIONFALL_LOOKS) } };

// A request that fails has no times of its own but its end: when it was asked for must be told beside it.
for (const name of ['get', 'head', 'post', 'put', 'patch', 'del', 'options', 'request', 'batch']) {
  const ask = http[name];
  http[name] = (...all) => {
    exec.vu.metrics.metadata.asked = String(Date.now());
    try { return ask(...all); } finally { delete exec.vu.metrics.metadata.asked; }
  };
}

export function setup() {
  const data = theirs.setup ? theirs.setup() : null;
  console.log(__ENV.REGIONFALL_BEGINS);
  return data;
}

export default function (data) {
  const { metadata } = exec.vu.metrics;
  metadata.began = String(exec.scenario.startTime);
  metadata.tick = String(exec.scenario.iterationInTest);
  metadata.from = String(Date.now());
  return theirs.default(data);
}
