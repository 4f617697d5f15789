// Tests that keep real time (x.timed.test.ts) run beside others on a machine that may be busy: one that fails is run twice more, aloud. What is broken fails three times.
import { expect, jest } from '@jest/globals';

if (/\.timed\.test\.ts$/.test(expect.getState().testPath)) jest.retryTimes(2, { logErrorsBeforeRetry: true });
