/** Random small systems and requests for property tests. */
import fc from 'fast-check';
import type { Nanos } from '../../src/kernel/time.js';
import { PhaseKind } from '../../src/model/phases.js';
import type { GcSpec, GvlPolicyName, ServerSpec } from '../../src/model/spec.js';
import { ms, type Phase, us } from './phases.js';
import {
  collectEvery,
  idealServer,
  pumaServer,
  unicornServer,
  type WorldParams,
  type WorldRequest,
  written,
} from './worlds.js';

/** Lengths of all orders of magnitude, odd to the ns, so that no two things happen at once by chance. */
export const length: fc.Arbitrary<Nanos> = fc
  .tuple(fc.constantFrom(us(3), us(30), ms(1), ms(8), ms(40), ms(250)), fc.integer({ min: 1, max: 999_999 }))
  .map(([scaleNs, share]) => 1 + Math.round((scaleNs * share) / 500_000));

/** Ruby code twice as often as the others, sometimes of no length at all. */
export const phase: fc.Arbitrary<Phase> = fc.record({
  kind: fc.constantFrom(
    PhaseKind.Cpu,
    PhaseKind.Cpu,
    PhaseKind.Cpu,
    PhaseKind.Io,
    PhaseKind.ShortHolds,
    PhaseKind.Native,
  ),
  ns: length,
});

export function requests(phases: fc.Arbitrary<Phase>, most: number): fc.Arbitrary<WorldRequest[]> {
  const drawn = fc.record({ gapNs: length, phases: fc.array(phases, { minLength: 1, maxLength: 5 }) });
  return fc.array(drawn, { minLength: 2, maxLength: most }).map((list) => {
    let atNs = 0;
    return list.map((request) => ({ atNs: (atNs += request.gapNs), phases: request.phases }));
  });
}

export const gvlName: fc.Arbitrary<GvlPolicyName> = fc.constantFrom(
  'barging-deadline',
  'fifo-ticks',
  'hot-thread',
  'mn-threads',
  'cpython',
);

export const anyServer: fc.Arbitrary<ServerSpec> = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 })).map(([p, t]) => idealServer(p, t)),
  fc.integer({ min: 1, max: 4 }).map((workers) => unicornServer(workers)),
  fc
    .tuple(
      fc.constantFrom('5.6', '6.6', '7.0.3', '7.2', '8.0'),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
    )
    .map(([version, workers, threads]) => pumaServer(version, workers, threads)),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 }))
    .map(([processes, concurrency]) => written('sidekiq', { processes, concurrency })),
  fc.integer({ min: 1, max: 4 }).map((workers) => written('resque', { workers, interval: '300ms' })),
  fc
    .tuple(fc.constantFrom('sync', 'gthread', 'gevent'), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 }))
    .map(([worker_class, workers, most]) =>
      written('gunicorn', { worker_class, workers, threads: most, worker_connections: most }),
    ),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 8 }))
    .map(([count, connections]) => written('falcon', { count, connections })),
);

const collections: fc.Arbitrary<GcSpec> = fc.oneof(
  fc.constant<GcSpec>({ kind: 'off' }),
  fc.tuple(length, fc.integer({ min: 1, max: 200 })).map(([everyNs, percent]) => {
    return collectEvery(everyNs + ms(2), Math.round(((everyNs + ms(2)) * percent) / 100));
  }),
);

/** A system of any kind with up to 30 requests. */
export const anyWorld: fc.Arbitrary<WorldParams & { readonly requests: readonly WorldRequest[] }> = fc.record({
  server: anyServer,
  gvl: gvlName,
  cores: fc.constantFrom(1, 2, 3, 16),
  scheduler: fc.constantFrom('time-slices', 'processor-sharing'),
  timeSliceNs: fc.constantFrom(2_999_987, 700_057),
  wakeLatencyNs: fc.constantFrom(us(7), us(45)),
  overheads: fc.boolean(),
  gc: collections,
  requests: requests(phase, 30),
});
