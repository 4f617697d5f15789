import type { Config } from 'jest';

/** What a test needs is in its name: x.test.ts needs nothing, x.timed.test.ts a clock that is let run, x.embedded.test.ts root and Debian packages, x.kind.test.ts a container engine. */
const config: Config = {
  testEnvironment: '<rootDir>/test/environment.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/strip-types.mjs' },
  testMatch: ['<rootDir>/src/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/reports/'],
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  setupFilesAfterEnv: ['<rootDir>/test/again.mjs'],
  testTimeout: 30_000,
  workerIdleMemoryLimit: '1GB',
};
export default config;
