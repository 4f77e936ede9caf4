import { serverTypes } from '../../model/servers/registry.js';

/**
 * The file that `init` writes: a first comparison, with a comment on every choice. It is a valid scenario.
 *
 * @param schema path of the JSON Schema as seen from the file, for editors
 */
export function starterScenario(name = 'my-app', schema = 'node_modules/gvlsim/schema/scenario.schema.json'): string {
  return TEMPLATE.replace(
    'SERVERS',
    serverTypes()
      .map((type) => type.name)
      .join(', '),
  )
    .replace('NAME', name)
    .replace('SCHEMA', () => schema);
}

const TEMPLATE = `# yaml-language-server: $schema=SCHEMA
version: 1
name: NAME
description: Unicorn or Puma for my application?

host:
  cores: 4                      # cores of the machine or container

ruby:
  version: "3.3"                # decides how threads take turns at the GVL; in quotes

app:
  classes:                      # what requests need; times are those of a request that is alone
    - name: page
      weight: 9                 # nine pages to one report
      cpu: {lognormal: {mean: 60ms, cv: 0.8}}                # Ruby code in total
      io: {calls: 8, each: {exponential: {mean: 5ms}}}       # queries, spread through the Ruby code
      allocations: 50000        # objects allocated; they drive garbage collection
    - name: report
      weight: 1
      phases:                   # or spelled out, in order: cpu, io, hold, native, allocate
        - cpu: 20ms
        - io: {exponential: {mean: 120ms}}
        - cpu: {exponential: {mean: 180ms}}
      allocations: 250000
  memory:                       # leave it out, and memory is not simulated
    static: 220MiB              # a process that has loaded the application
    processing: 80MiB           # what a thread adds while it serves a request

load:
  open: {rate: 22/s}            # Poisson arrivals; or closed: {users: 50, think: 2s}

run:
  duration: 10min               # simulated time of each run
  replications: 10              # independent runs, for the intervals
  seed: 42

slo:                            # what you promise: compare says which variants keep it
  - latency_ms p99 < 1s

variants:                       # what to compare, on the same arrivals; servers: SERVERS
  unicorn-4:
    server: {unicorn: {worker_processes: 4}}
  puma-4x1:
    server: {puma: {version: "6.6", workers: 4, threads: 1}}
  puma-2x3:
    server: {puma: {version: "6.6", workers: 2, threads: 3}}
  puma-4x3:
    server: {puma: {version: "6.6", workers: 4, threads: 3}}

sweep:                          # gvlsim sweep: every variant at each of these loads
  load.open.rate: {from: 16/s, to: 28/s, step: 6/s}

search:                         # gvlsim search: how much traffic each variant can take within the slo
  max_rate: {precision: 5%}
`;
