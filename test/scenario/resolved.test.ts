import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ExperimentSpec } from '../../src/experiment/spec.js';
import {
  explainDefaults,
  loadScenario,
  scenarioJsonSchema,
  scenarioReference,
  starterScenario,
} from '../../src/scenario/index.js';
import { scenario } from './bad-inputs.js';
import { load } from './load-text.js';

const folder = new URL('./contract/', import.meta.url);
const readText = (path: string) => readFileSync(new URL(path, folder), 'utf8');
const files = readdirSync(folder).filter((name) => name.endsWith('.yml') && !/^(jobs|memory)/.test(name));

function loaded(text: string): ExperimentSpec {
  const { experiment, problems } = loadScenario({ file: 'again.yml', text }, { readText });
  expect(problems).toEqual([]);
  return experiment!;
}

describe('the scenario with every default written out', () => {
  it.each(files)('%s: loads to the same experiment, and to the same text', (file) => {
    const { experiment } = loadScenario({ file, text: readText(file) }, { readText });
    const again = loaded(explainDefaults(experiment!));
    expect(again).toEqual(experiment);
    expect(explainDefaults(again)).toBe(explainDefaults(experiment!));
  });

  it('has no default left to chance', () => {
    const { experiment } = load(scenario());
    expect(explainDefaults(experiment!)).toBe(
      `version: 1
name: case
description: ""
host:
  cores: 2
  cpu_period: 100ms
  scheduler:
    time_slices:
      slice: 3ms
  wake_latency: 45us
  warm_wake_latency: 30us
  sleep_overshoot: 100us
  io_call: 27us
  preempt_after: 300us
  gc_speed: 1
  cold_caches: true
  somaxconn: 4096
  tcp_syn_linear_timeouts: 4
ruby:
  version: "3.3"
  gc: on
  malloc:
    glibc: {}
  warmup: none
  timeslice: 100ms
  mn_threads: false
server:
  puma:
    version: "6.6"
    workers: 2
    threads: 3
    wait_for_less_busy_worker: 5ms
    queue_requests: true
    preload_app: true
    thread_priority: 0
    boot_time: 0s
    worker_check_interval: 5s
    worker_shutdown_timeout: 30s
    backlog: 1024
app:
  classes:
    - name: web
      weight: 1
      cpu: 10ms
      body: 0B
      response: 0B
      allocations: 0
      objects_kept: 0
      malloc: 0B
      malloc_held: 0B
      malloc_kept: 0B
      malloc_block: 256B
  resident_objects: 400000
  boot_free_slots: 0.3
load:
  open:
    rate: 20/s
overheads: measured
run:
  duration: 1min
  replications: 10
  seed: 1
  kind: steady
  warmup: auto
  confidence: 0.95
`,
    );
  });
});

describe('the starter file', () => {
  it('is a valid scenario without a single warning', () => {
    const { experiment, problems, warnings } = load(starterScenario());
    expect(problems).toEqual([]);
    expect(warnings).toEqual([]);
    expect(experiment!.configurations).toHaveLength(4);
  });

  it('takes a name, and begins with what editors look for', () => {
    expect(load(starterScenario('shop')).experiment!.name).toBe('shop');
    expect(starterScenario().split('\n')[0]).toMatch(/^# yaml-language-server: \$schema=/);
  });
});

describe('the JSON Schema', () => {
  it('is the one checked in (npx tsx scripts/write-schema.ts)', () => {
    const file = new URL('../../schema/scenario.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(scenarioJsonSchema());
  });

  it('and so is the reference page', () => {
    const file = new URL('../../docs/reference/scenario.md', import.meta.url);
    expect(readFileSync(file, 'utf8')).toBe(scenarioReference());
  });

  it('is draft-07, knows the keys, their docs and their defaults', () => {
    const schema = scenarioJsonSchema() as {
      $schema: string;
      properties: Record<string, { properties: Record<string, unknown> }>;
    };
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    expect(schema.properties.run!.properties.seed).toEqual({
      description: 'Master seed; the same seed gives the same numbers.',
      type: 'integer',
      minimum: 0,
      default: 1,
    });
  });

  it('gives every key a description', () => {
    const without: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { properties } = node as { properties?: Record<string, Record<string, unknown>> };
      for (const [key, inner] of Object.entries(properties ?? {})) {
        const said = inner.description ?? (inner.anyOf as { description?: string }[] | undefined)?.[0]?.description;
        if (said === undefined) without.push(`${path}.${key}`);
      }
      for (const [key, inner] of Object.entries(node)) visit(inner, `${path}.${key}`);
    };
    visit(scenarioJsonSchema(), '');
    expect(without).toEqual([]);
  });
});
