import { describe, expect, it } from 'vitest';
import { selectAmongQueues } from '../../../scripts/selection/queues.js';
import { Stopped } from '../../../src/experiment/run-experiment.js';
import { type SelectionOptions, selectBest } from '../../../src/experiment/search/select.js';
import { createStreams } from '../../../src/random/streams.js';
import { normalQuantile } from '../../../src/statistics/index.js';

interface World {
  /** [candidate][goal]. */
  readonly means: readonly (readonly number[])[];
  /** [candidate][limit]: mean excess. */
  readonly excesses?: readonly (readonly number[])[];
  /** Correlation of the candidates' values in a replication. */
  readonly correlation?: number;
  readonly seed?: number;
}

/** Normal values with variance 1 around the stated means, correlated between candidates like those on common arrivals. */
function selectIn(
  { means, excesses = means.map(() => []), correlation = 0, seed = 0 }: World,
  more: Partial<SelectionOptions> = {},
) {
  const show: SelectionOptions['show'] = async (candidate, replication) => {
    const draw = (name: string): number => normalQuantile(createStreams(seed, replication).open(name).uniform());
    const value = (mean: number, name: string): number =>
      mean +
      Math.sqrt(correlation) * draw(`shared/${name}`) +
      Math.sqrt(1 - correlation) * draw(`own/${candidate}/${name}`);
    return {
      goals: means[candidate]!.map((mean, g) => value(mean, `goal${g}`)),
      excesses: excesses[candidate]!.map((mean, c) => value(mean, `limit${c}`)),
    };
  };
  return selectBest({
    candidates: means.length,
    show,
    indifference: () => means[0]!.map(() => 0.5),
    tolerances: excesses[0]!.map(() => 0.5),
    probability: 0.95,
    most: 2000,
    ...more,
  });
}

const selected = ({ fates }: Awaited<ReturnType<typeof selectIn>>): number[] =>
  fates.flatMap(({ kind }, k) => (kind === 'selected' ? [k] : []));

describe('selecting the best', () => {
  it.each([5, 25])('that is stopped after %i replications is not decided', async (most) => {
    let shown = 0;
    const { fates, isDecided } = await selectIn(
      { means: [[0], [0]] },
      {
        isStopped: () => shown >= most,
        show: async (candidate, replication) => {
          if (shown >= most) throw new Stopped();
          shown++;
          return { goals: [10 * ((candidate + replication) % 2)], excesses: [] };
        },
      },
    );
    expect([fates.map(({ kind }) => kind), isDecided]).toEqual([['undecided', 'undecided'], false]);
  });

  it('finds it at least as often as stated where all others are worse by the indifference', async () => {
    // Slippage configuration. 60 selections at 0.9: fewer than 47 right ones have a probability below 0.001.
    const means = [[0], ...Array.from({ length: 4 }, () => [0.5])];
    let right = 0;
    for (let seed = 0; seed < 60; seed++) {
      const selection = await selectIn({ means, seed }, { probability: 0.9 });
      if (selected(selection).join() === '0') right++;
    }
    expect(right).toBeGreaterThanOrEqual(47);
  });

  it('finds the faster one of queues that the simulator runs, all others being slower by the indifference', async () => {
    // 25 selections at 0.8: fewer than 13 right ones have a probability below 0.001.
    let right = 0;
    for (let seed = 0; seed < 25; seed++) if ((await selectAmongQueues(seed, 0.8)).isRight) right++;
    expect(right).toBeGreaterThanOrEqual(13);
  });

  it('drops what is clearly worse after the first stage', async () => {
    const { fates, replications } = await selectIn({ means: [[0], [50], [0.5], [80]] });
    expect([fates[1], fates[3]].map((fate) => fate!.kind)).toEqual(['beaten', 'beaten']);
    expect([replications[1], replications[3]]).toEqual([10, 10]);
  });

  it('needs fewer replications on common arrivals', async () => {
    const count = async (correlation: number) => {
      const { replications } = await selectIn({ means: [[0], [0.5], [0.5]], correlation });
      return replications.reduce((a, b) => a + b, 0);
    };
    expect(await count(0.9)).toBeLessThan((await count(0)) / 2);
  });

  it('among equals is over all the same', async () => {
    const selection = await selectIn({ means: [[1], [1], [1]] });
    expect(selected(selection)).toHaveLength(1);
    expect(selection.isDecided).toBe(true);
  });

  it('takes no candidate beyond a limit, however good', async () => {
    const selection = await selectIn({ means: [[0], [3], [5]], excesses: [[2], [-2], [-2]] });
    expect(selection.fates).toEqual([{ kind: 'beyond', limit: 0 }, { kind: 'selected' }, { kind: 'beaten', by: 1 }]);
  });

  it('selects nothing where nothing is within the limits', async () => {
    const selection = await selectIn({ means: [[0], [3]], excesses: [[2], [2]] });
    expect(selection.fates.map(({ kind }) => kind)).toEqual(['beyond', 'beyond']);
    expect(selection.isDecided).toBe(true);
  });

  it('leaves out what is excluded, with its reason', async () => {
    const selection = await selectIn({ means: [[0], [3]] }, { excluded: (k) => (k === 0 ? 'too large' : null) });
    expect(selection.fates).toEqual([{ kind: 'excluded', why: 'too large' }, { kind: 'selected' }]);
  });

  it('says so when the replications are used up', async () => {
    const selection = await selectIn({ means: [[0], [0.001]] }, { most: 14, indifference: () => [0.001] });
    expect(selection.isDecided).toBe(false);
    expect(selection.fates.map(({ kind }) => kind)).toEqual(['undecided', 'undecided']);
    expect(selection.replications).toEqual([14, 14]);
  });
});

describe('with two goals', () => {
  it('keeps the front: all that no other beats', async () => {
    const means = [
      [0, 10],
      [5, 5],
      [10, 0],
      [6, 6],
      [11, 11],
      [5.6, 9],
    ];
    const selection = await selectIn({ means });
    expect(selected(selection)).toEqual([0, 1, 2]);
    expect(selection.fates[3]).toEqual({ kind: 'beaten', by: 1 });
    expect(selection.isDecided).toBe(true);
  });

  it('drops who is the same in one goal and worse in the other', async () => {
    const selection = await selectIn({
      means: [
        [0, 0],
        [0, 4],
      ],
      correlation: 0.5,
    });
    expect(selected(selection)).toEqual([0]);
  });

  it('keeps both of two equals', async () => {
    expect(
      selected(
        await selectIn({
          means: [
            [1, 1],
            [1, 1],
          ],
        }),
      ),
    ).toEqual([0, 1]);
  });
});
