import { describe, expect, it } from 'vitest';
import { runReplication } from '../../../src/experiment/replicate.js';
import { MEMORY } from '../../../src/model/memory/coefficients.js';
import { memoryRows } from '../../../src/report/outputs/memory.js';
import { loadScenario } from '../../../src/scenario/index.js';

/** Run values of the only replication by metric and statistic: `rss_mib mean`. */
function valuesOf(text: string): Map<string, number> {
  const { experiment, problems } = loadScenario(
    { file: 'layers.yml', text: `version: 1\nname: layers\nhost: {cores: 2}\n${text}` },
    { readText: () => '' },
  );
  expect(problems).toEqual([]);
  const { runValues } = runReplication(experiment!.configurations[0]!, experiment!.run, 0);
  return new Map(runValues.map(({ metric, statistic, value }) => [`${metric} ${statistic}`, value]));
}

/** One request at time 0, and one just before the end so that the run lasts until then. */
const ONCE =
  'load: {open: {at_start: 1, every: 9999ms}}\nrun: {duration: 10s, warmup: 5s, replications: 1}\nserver: {unicorn: {worker_processes: 1}}';

describe('the Ruby heap by size pool', () => {
  const metricsOf = (version: string) => {
    const { experiment } = loadScenario(
      {
        file: 'pools.yml',
        text: `version: 1
name: pools
host: {cores: 2}
ruby: {version: "${version}"}
app:
  object_sizes: {allocated: [{size: 40B}, {size: 640B}]}
  classes: [{name: import, cpu: 50ms, allocations: 15000}]
  memory: {static: 150MiB}
${ONCE}`,
      },
      { readText: () => '' },
    );
    const result = runReplication(experiment!.configurations[0]!, experiment!.run, 0);
    const cells = [...memoryRows([result])];
    const maxima = cells.filter(([, , , name, , , statistic]) => name === 'container' && statistic === 'max');
    return new Map(maxima.map((row) => [row[5]!, Number(row[7])] as const));
  };

  it('memory.csv has pages and used slots of each, which add up to the heap', () => {
    const rows = metricsOf('3.3');
    const sizes = [40, 80, 160, 320, 640];
    expect([...rows.keys()].filter((name) => name.startsWith('ruby_heap_'))).toEqual(
      sizes.flatMap((bytes) => [`ruby_heap_${bytes}b_mib`, `ruby_heap_${bytes}b_used_mib`]),
    );
    for (const bytes of sizes)
      expect(rows.get(`ruby_heap_${bytes}b_used_mib`)!).toBeLessThanOrEqual(rows.get(`ruby_heap_${bytes}b_mib`)!);
    // 7 500 objects of 640 bytes besides the 435 of the application: less than the 10 000 that need no collection.
    expect(rows.get('ruby_heap_640b_used_mib')!).toBeCloseTo((7_935 * 640) / 2 ** 20, 2);
    expect(rows.get('ruby_heap_640b_mib')!).toBe(Math.ceil(7_935 / 102) / 16);
  });

  it('up to Ruby 3.1 there is one', () => {
    const names = [...metricsOf('3.1').keys()].filter((name) => name.startsWith('ruby_heap_'));
    expect(names).toEqual(['ruby_heap_40b_mib', 'ruby_heap_40b_used_mib']);
  });
});

describe('layers of the memory', () => {
  it('the Ruby heap: pages without a survivor are (1 - f)^n of those that a request has filled', () => {
    const leftBy = (kept: number): number =>
      valuesOf(`
ruby: {version: "3.1", env: {RUBY_GC_HEAP_INIT_SLOTS: 2035000}}
app:
  resident_objects: 0
  classes: [{name: import, cpu: 500ms, allocations: 2000000, objects_kept: ${kept}}]
  memory: {static: 150MiB}
${ONCE}`).get('ruby_heap_empty_mib mean')!;
    // 408 or 409 slots a page; the heap is not quite all that the request allocates from
    expect(leftBy(2000) / leftBy(0)).toBeCloseTo(0.999 ** 408.6, 2);
  });

  it('malloc: what a request keeps holds all that it has needed, unless nothing is left', () => {
    const leftBy = (kept: number): Map<string, number> =>
      valuesOf(`
ruby: {version: "3.3", gc: "off"}
app:
  classes: [{name: import, cpu: 100ms, malloc: 60MiB, malloc_kept: ${kept}MiB, malloc_block: 4KiB}]
  memory: {static: 150MiB}
${ONCE}`);
    const some = leftBy(1);
    expect(some.get('malloc_live_mib mean')).toBeCloseTo(1, 6);
    expect(some.get('malloc_kept_mib mean')!).toBeGreaterThan(60);
    expect(some.get('arenas_count max')).toBe(1);
    // The main arena grows by brk, as far as it is needed.
    expect(some.get('malloc_reserved_mib mean')).toBeCloseTo(some.get('malloc_kept_mib max')!, 0);
    // But for what the cache of the thread holds.
    expect(leftBy(0).get('malloc_kept_mib mean')).toBeCloseTo(240_128 / 2 ** 20, 6);
  });

  it.each([
    ['ideal: {processes: 1, threads: 1}', 0],
    ['puma: {version: "6.6", workers: 0, threads: 1}', 1],
    ['puma: {version: "6.6", workers: 0, threads: 8}', 8],
  ])('%s has the stacks of %i threads besides the main one, once they have served', (server, stacks) => {
    const rssMib = valuesOf(`
server: {${server}}
app:
  classes: [{name: page, cpu: 1ms, io: {calls: 1, each: 50ms}}]
  memory: {static: 150MiB}
load: {closed: {users: 8}}
run: {duration: 5s, warmup: 1s, replications: 1}`).get('rss_mib max')!;
    expect(rssMib - 150).toBeCloseTo((stacks * MEMORY.threadBytes) / 2 ** 20, 1);
  });

  it('each further thread sets 64 MiB of addresses aside', () => {
    const values = valuesOf(`
ruby: {version: "3.3"}
server: {puma: {version: "6.6", workers: 0, threads: 4}}
app:
  classes: [{name: page, cpu: 1ms, io: {calls: 1, each: 50ms}, malloc: 100KiB}]
  memory: {static: 150MiB}
load: {closed: {users: 4}}
run: {duration: 5s, warmup: 1s, replications: 1}`);
    expect(values.get('arenas_count mean')).toBe(5);
    expect(values.get('malloc_reserved_mib mean')).toBe(4 * 64);
  });

  it('what requests hold for long does not pile up: it asks for a full collection', () => {
    const values = valuesOf(`
ruby: {version: "3.3"}
server: {puma: {version: "6.6", workers: 0, threads: 5}}
app:
  classes: [{name: page, cpu: 10ms, io: {calls: 3, each: 20ms}, allocations: 20000, malloc: 2MiB, malloc_held: 2MiB}]
  memory: {static: 120MiB}
load: {open: {rate: 40/s}}
run: {duration: 2min, warmup: 10s, replications: 1}`);
    // 128 MiB is the greatest RUBY_GC_OLDMALLOC_LIMIT; besides it the requests under way and one cycle of young garbage.
    expect(values.get('malloc_live_mib max')!).toBeLessThan(256);
  });

  it('growth is the slope over the second half of the time', () => {
    const values = valuesOf(`
ruby: {version: "3.3", gc: "off"}
server: {unicorn: {worker_processes: 1}}
app:
  classes: [{name: page, cpu: 1ms, malloc: 1MiB, malloc_kept: 1MiB}]
  memory: {static: 120MiB}
load: {open: {every: 1s}}
run: {duration: 2min, warmup: 0s, replications: 1}`);
    // One MiB a second, and on top of it a header for each block of 256 bytes and 3 % of holes.
    const onTop = (1 + 15.5 / 256) * 1.03;
    expect(values.get('rss_growth_mib_per_min mean')! / (60 * onTop)).toBeCloseTo(1, 2);
  });

  it('the textbook sum has none, and a run without memory nothing at all', () => {
    const app =
      'app: {classes: [{name: page, cpu: 1ms}], memory: {static: 1MiB, processing: 1MiB, copy_on_write: none}}';
    const values = valuesOf(
      `server: {unicorn: {worker_processes: 1}}\n${app}\nload: {open: {rate: 10/s}}\nrun: {duration: 5s, replications: 1}`,
    );
    expect(values.get('rss_mib mean')).toBe(2);
    expect([...values.keys()].some((name) => /ruby_heap|malloc|arenas|growth/.test(name))).toBe(false);
  });
});

describe('contents of objects that fit into no slot', () => {
  /** 4 072 of the 4 096 bytes are malloc'ed. */
  const CONTENT = 4_072;
  const liveOf = (app: string, gc = '"off"', load = ONCE): Map<string, number> =>
    valuesOf(`ruby: {version: "3.3", gc: ${gc}}\napp:\n  object_sizes: {allocated: [{size: 4KiB}]}\n${app}\n${load}`);

  it('stay with objects_kept, for ever, whatever the cache holds', () => {
    const values = liveOf(`
  classes: [{name: import, cpu: 100ms, allocations: 3000, objects_kept: 100, malloc: 1MiB, malloc_kept: 1MiB}]
  memory: {static: 150MiB, cache: 512KiB}`);
    expect(values.get('malloc_live_mib mean')).toBeCloseTo((100 * CONTENT) / 2 ** 20, 6);
  });

  it('a leak of objects is the same leak of blocks', () => {
    const load =
      'server: {unicorn: {worker_processes: 1}}\nload: {open: {every: 50ms}}\nrun: {duration: 30s, warmup: 5s, replications: 1}';
    const bySizes = liveOf(
      '  classes: [{name: page, cpu: 20ms, allocations: 3000, objects_kept: 100}]\n  memory: {static: 100MiB}',
      'on',
      load,
    );
    const byMalloc = valuesOf(`
ruby: {version: "3.3"}
app:
  object_sizes: {allocated: [{size: 40B}]}
  classes: [{name: page, cpu: 20ms, allocations: 3000, malloc: ${3000 * CONTENT}B, malloc_block: ${CONTENT}B, malloc_kept: ${100 * CONTENT}B}]
  memory: {static: 100MiB}
${load}`);
    // 500 and more requests leak 407 200 B each. The last collections may come a request earlier or later: the garbage of one.
    const garbage = (3_000 * CONTENT) / 2 ** 20;
    for (const metric of ['malloc_live_mib max', 'rss_mib max']) {
      expect(bySizes.get(metric)!).toBeGreaterThan((500 * 100 * CONTENT) / 2 ** 20);
      expect(Math.abs(bySizes.get(metric)! - byMalloc.get(metric)!), metric).toBeLessThan(garbage);
    }
  });
});

describe('objects_kept', () => {
  it('cannot be more than are allocated', () => {
    const { problems } = loadScenario(
      {
        file: 'layers.yml',
        text: 'version: 1\nname: a\nhost: {cores: 1}\nserver: {unicorn: {}}\napp: {classes: [{name: a, cpu: 1ms, allocations: 10, objects_kept: 11}], memory: {}}\nload: {open: {rate: 1/s}}',
      },
      { readText: () => '' },
    );
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      ['SCN_RANGE', '11 of 10 objects that are allocated'],
    ]);
  });
});
