import { describe, expect, it } from 'vitest';
import { RAILS_RESIDENT } from '../../src/model/gc/object-sizes.js';
import { loadScenario } from '../../src/scenario/index.js';

const WEB = '{name: web, cpu: 20ms, allocations: 1000, malloc: 64kB, malloc_held: 16kB, malloc_block: 64B}';

const read = (ruby: string, sizes: string, classes = [WEB]) =>
  loadScenario(
    {
      file: 'sizes.yml',
      text: `version: 1
name: sizes
host: {cores: 2}
ruby: {version: "${ruby}"}
server: {puma: {version: "6.6", workers: 0, threads: 3}}
load: {open: {rate: 5/s}}
app:
  memory: {}
  ${sizes}
  classes: [${classes.join(', ')}]
run: {requests: 100}
`,
    },
    { readText: () => '' },
  );

const built = (ruby: string, sizes = '') => {
  const { experiment, problems } = read(ruby, sizes);
  expect(problems).toEqual([]);
  const { app, memory } = experiment!.configurations[0]!.system;
  return { app, memory: memory.kind === 'simulated' ? memory.classes[0]! : null };
};

describe('app.object_sizes', () => {
  // Half in 40 bytes, a quarter of 100 bytes, a quarter of 1 024.
  const STATED = 'object_sizes: {allocated: [{size: 40B, weight: 2}, {size: 100B}, {size: 1KiB}]}';

  it('left out: nothing is malloced but what malloc says', () => {
    for (const ruby of ['3.1', '3.3']) {
      const { app, memory } = built(ruby);
      expect(app.objectSizes).toBeUndefined();
      expect(app.classes[0]!.mallocBytes).toBe(64_000);
      expect(memory).toMatchObject({ heldRatio: 0.25, blockBytes: 64 });
    }
  });

  it('what fits into no slot is malloced in addition: on 3.3 beyond 640 bytes, on 3.1 beyond 40', () => {
    const { app, memory } = built('3.3', STATED);
    expect(app.objectSizes).toEqual({
      allocated: { bytes: [40, 100, 1024], weights: [2, 1, 1] },
      resident: RAILS_RESIDENT,
    });
    // 250 objects of 1 024 bytes, less the 24 that stay in the slot.
    expect(app.classes[0]!.mallocBytes).toBe(64_000 + 250_000);
    expect(app.bodyBytesPerObject).toBe(250);
    // 1 000 blocks of 64 bytes and 250 of 1 000.
    expect(memory).toMatchObject({ heldRatio: 16_000 / 314_000, blockBytes: 314_000 / 1_250 });
    expect(built('3.1', STATED).app.classes[0]!.mallocBytes).toBe(64_000 + 250 * 1_000 + 250 * 76);
  });

  it('blocks are as large as all that is malloced, what phases allocate included', () => {
    const { experiment } = read('3.3', 'object_sizes: {allocated: [{size: 40B}, {size: 1KiB}]}', [
      '{name: only, phases: [{allocate: {objects: 1000}}]}',
      '{name: both, phases: [{cpu: 10ms}, {allocate: {objects: {uniform: {min: 500, max: 1500}}}}], malloc: 64kB, malloc_held: 16kB, malloc_block: 64B}',
    ]);
    const { memory } = experiment!.configurations[0]!.system;
    const [only, both] = memory.kind === 'simulated' ? memory.classes : [];
    expect(only!.blockBytes).toBe(1_000);
    // 1 000 blocks of 64 bytes and 500 of 1 000; those of 64 bytes are what is held.
    expect(both!.blockBytes).toBe(564_000 / 1_500);
    expect(both).toMatchObject({ heldBlocksRatio: 16_000 / 564_000, heldBlockBytes: 64 });
  });

  it('sizes and weights that make no sense are told where they are', () => {
    const { problems } = read(
      '3.3',
      'object_sizes: {allocated: [{size: 40}, {size: 0B}, {size: 80B, weight: 0}], resident: []}',
    );
    expect(problems.map(({ path, code }) => [path, code])).toEqual([
      ['app.object_sizes.allocated[0].size', 'SCN_UNIT'],
      ['app.object_sizes.allocated[1].size', 'SCN_RANGE'],
      ['app.object_sizes.allocated[2].weight', 'SCN_RANGE'],
      ['app.object_sizes.resident', 'SCN_RANGE'],
    ]);
  });
});
