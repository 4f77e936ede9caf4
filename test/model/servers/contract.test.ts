import { describe, expect, it } from 'vitest';
import { serverTypes } from '../../../src/model/servers/registry.js';
import { serverContract } from '../../support/server-contract.js';

/** Settings with which nobody is refused or killed in 30 requests of up to a second each. */
const SETTINGS: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  ideal: [{}, { processes: 2, threads: 3 }],
  unicorn: [{ timeout: '1h' }, { worker_processes: 3, timeout: '1h' }],
  pitchfork: [{ timeout: '1h' }, { worker_processes: 3, timeout: '1h', refork_after: [2, 3] }],
  sidekiq: [
    { concurrency: 1 },
    {
      processes: 2,
      concurrency: 2,
      queues: [
        ['default', 2],
        ['other', 1],
      ],
    },
  ],
  resque: [{ interval: '1s' }, { workers: 3, interval: '20ms', fork_per_job: false }],
  gunicorn: [
    {},
    { workers: 2 },
    { threads: 3 },
    { workers: 2, worker_class: 'gthread', worker_connections: 2 },
    { workers: 2, worker_class: 'gevent', worker_connections: 3 },
  ],
  falcon: [{ connections: 30 }, { count: 3, connections: 2 }],
  puma: [{ threads: 1 }, { version: '5.6', workers: 2, threads: [1, 3] }, { version: '7.2', workers: 2, threads: 2 }],
};

for (const [type, settings] of Object.entries(SETTINGS)) serverContract(type, settings);

describe('every server', () => {
  it('is under the contract', () => {
    expect(Object.keys(SETTINGS).sort()).toEqual(
      serverTypes()
        .map(({ name }) => name)
        .sort(),
    );
  });
});
