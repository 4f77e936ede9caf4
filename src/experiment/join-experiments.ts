import type { ConfigurationSpec, ExperimentSpec } from './spec.js';

/** Several experiments as one, or why that cannot be. */
export type Joined = { readonly experiment: ExperimentSpec } | { readonly fault: string };

/**
 * The configurations of several scenarios side by side, to be compared. They must be run in the same way (length, warm-up,
 * seed ...); the arrivals are the same if their loads are. A name that occurs in several of them is preceded by that of its
 * scenario. The baseline is that of the first.
 */
export function joinExperiments(experiments: readonly ExperimentSpec[]): Joined {
  const [first, ...others] = experiments as [ExperimentSpec, ...ExperimentSpec[]];
  for (const other of others) {
    const key = differentIn(first, other);
    if (key !== null)
      return {
        fault: `${first.name} and ${other.name} differ in run.${key}; only runs alike can be compared in pairs`,
      };
  }
  const taken = experiments.flatMap(({ configurations }) => configurations.map(({ variant }) => variant));
  const isTaken = (variant: string): boolean => taken.filter((one) => one === variant).length > 1;
  const nameOf = ({ name }: ExperimentSpec, variant: string): string =>
    isTaken(variant) && variant !== name ? `${name}.${variant}` : variant;
  const configurations: ConfigurationSpec[] = experiments.flatMap((experiment) =>
    experiment.configurations.map((one) => ({ ...one, variant: nameOf(experiment, one.variant) })),
  );
  if (new Set(configurations.map(({ variant }) => variant)).size < configurations.length) {
    return { fault: 'two of the files give the same name to what they describe; name: tells them apart' };
  }
  const objectives = new Map(experiments.flatMap(({ slo }) => slo).map((objective) => [objective.text, objective]));
  return {
    experiment: {
      ...first,
      name: experiments.map(({ name }) => name).join('-vs-'),
      description: experiments.map(({ name, description }) => `${name}: ${description}`).join(' '),
      configurations,
      baseline: nameOf(first, first.baseline),
      slo: [...objectives.values()],
      resolved: experiments.map(({ resolved }) => resolved),
    },
  };
}

/** The first setting of the runs that differs; null if none does. */
function differentIn(a: ExperimentSpec, b: ExperimentSpec): string | null {
  const text = (value: unknown): string => JSON.stringify(value, (_, v) => (v === Infinity ? 'all' : v));
  const keys = Object.keys(a.run) as (keyof ExperimentSpec['run'])[];
  return keys.find((key) => text(a.run[key]) !== text(b.run[key])) ?? null;
}
