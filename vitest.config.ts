import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: 'test/global-setup.ts',
    include: ['test/**/*.test.ts'],
    // More than there are cores: a third of the time is spent waiting for real processes.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    // Real processes share the machine with everything else: a limit is there to end a hang, not to measure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
