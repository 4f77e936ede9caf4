import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/setup/build.ts'],
    // Tests of the command line start processes of their own and change into temporary folders.
    pool: 'forks',
    // Files share a process and its modules: importing them anew for every file takes longer than most of the tests.
    // So no test may leave anything behind in them.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // .ci/run counts from the JSON file.
    reporters: ['default', ['json', { outputFile: '.cache/test-results.json' }]],
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reportsDirectory: 'coverage' },
  },
});
