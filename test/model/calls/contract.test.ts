import { PhaseKind } from '../../../src/model/phases.js';
import type { PoolSpec } from '../../../src/model/spec.js';
import { type CallKind, callContract } from '../../support/call-contract.js';

const database = (capacity: number, pool: PoolSpec | null) => ({ services: [{ name: 'database', capacity, pool }] });
const pool = (size: number, heldFor: PoolSpec['heldFor']): PoolSpec => ({ size, timeoutNs: 1_000, heldFor });

const KINDS: readonly CallKind[] = [
  { name: 'a service', app: database(2, null), use: [PhaseKind.Call], capacity: 2 },
  {
    name: 'a pool, held for the call',
    app: database(Number.POSITIVE_INFINITY, pool(3, 'call')),
    use: [PhaseKind.Call],
    capacity: 3,
  },
  {
    name: 'a pool, held for the request',
    app: database(Number.POSITIVE_INFINITY, pool(2, 'request')),
    use: [PhaseKind.Call, PhaseKind.Cpu],
    capacity: 2,
    keeps: 2,
  },
  { name: 'a pool before a narrower service', app: database(1, pool(2, 'call')), use: [PhaseKind.Call], capacity: 1 },
  {
    name: 'a mutex',
    app: { mutexes: ['cache'] },
    use: [PhaseKind.Lock, PhaseKind.Cpu, PhaseKind.Unlock],
    capacity: 1,
    // A thread that is stopped between its wake-up and the lock takes the wake-up with it: the others sleep until the next
    // unlock. As in do_mutex_lock (ruby/ruby thread_sync.c 3.3.8), which lets go of the mutex before it raises, and wakes nobody.
    gvlNs: [0],
  },
  {
    name: 'parallel calls',
    app: { ...database(Number.POSITIVE_INFINITY, null), asyncThreads: 2 },
    use: [PhaseKind.Async],
    capacity: 2,
  },
  {
    name: 'parallel calls, two of each thread',
    app: { ...database(3, null), asyncThreads: 4 },
    use: [PhaseKind.Async, PhaseKind.Async],
    capacity: 3,
    // Both of the first and one of the second; the other one of the second and both of the third.
    inRush: 2,
  },
];

for (const kind of KINDS) callContract(kind);
