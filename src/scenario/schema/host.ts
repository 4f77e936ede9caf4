import { count, decimal, duration, flag, oneKey, optional, preset, record, size } from '../../schema/index.js';

const scheduler = oneKey('How runnable processes share the cores when there are more of them than cores.', {
  time_slices: record('In turns, as an operating system does.', {
    slice: preset(duration({ doc: 'Length of one turn on a core.', min: 1000 }), '3ms'),
  }),
  processor_sharing: record('All at once at reduced speed: the limit of very short turns.', {}),
});

/**
 * The machine. Wake-up figures: measured on a 2-core virtual machine under Ruby 3.3.8; lock released to first
 * instruction of the next owner p50 7.2 us on one core and 44.9 us on two; sleep of 5 ms lasts p50 101 us longer.
 * The server's scheduler was set to slices of 0.3 ms: where other threads waited for the lock, a connection was closed
 * 0.34 or 0.66 ms after its answer; with Linux's default for two CPUs (1.4 ms) 1.43 or 2.79 ms.
 */
export const hostSchema = record('The machine on which the server runs.', {
  cores: count({ doc: "Cores that the server's processes share.", min: 1, max: 1024 }),
  cpu_quota: optional(
    decimal({
      doc: 'CPU time that the container may use in each period, in CPUs (docker --cpus, limits.cpu of Kubernetes, cgroup cpu.max). When it is used up everything stands still to the end of the period. Default: no limit.',
      above: 0,
      max: 1024,
    }),
  ),
  cpu_period: preset(duration({ doc: 'Period of cpu_quota.', min: 1_000_000, max: 1_000_000_000 }), '100ms'),
  memory: optional(size({ doc: 'Memory of the machine or container; a limit where app.memory is given.', min: 1 })),
  scheduler: preset(scheduler, { time_slices: {} }),
  wake_latency: optional(
    duration({
      doc: 'From a signal to the first instruction of the thread it wakes. Default: 7us with one core, 45us with several (measured).',
    }),
  ),
  warm_wake_latency: optional(
    duration({
      doc: 'The same for a thread that has waited for the lock for less than 200us, whose core has not gone to sleep; at most as long. Default: 2.28us with one core, 30us with several (measured).',
    }),
  ),
  sleep_overshoot: optional(
    duration({ doc: 'By how much a sleep or an I/O wait lasts longer than asked for. Default: 100us (measured).' }),
  ),
  io_call: optional(
    duration({
      doc: 'CPU time of an I/O call itself, under the GVL: giving the lock up, the system call, the switch back. Default: 27us; 50us for Ruby up to 3.2 (measured).',
    }),
  ),
  preempt_after: preset(
    duration({
      doc: 'With one core: for how long a running thread keeps it although others are woken (slice of the scheduler). Linux 6.6 and later: 0.7ms with one CPU, 1.4ms with two.',
      min: 1000,
    }),
    '300us',
  ),
  gc_speed: preset(
    decimal({
      doc: 'How fast the machine marks and sweeps garbage, relative to the one that was measured (a 2-core virtual machine). The length of collections is divided by it.',
      above: 0,
      max: 100,
    }),
    1,
  ),
  cold_caches: preset(
    flag(
      'The code of a server runs longer the longer it has not run: its caches are filled by others. Measured on a virtual machine.',
    ),
    true,
  ),
  somaxconn: preset(
    count({ doc: 'net.core.somaxconn: upper bound of every listen queue (4096 since Linux 5.4).', min: 1 }),
    4096,
  ),
  tcp_syn_linear_timeouts: preset(
    count({
      doc: 'net.ipv4.tcp_syn_linear_timeouts of the clients: how often a dropped connection attempt is repeated a second later before the waits double. Linux 6.5 and later: 4; before: 0.',
      max: 255,
    }),
    4,
  ),
});
