import {
  combination,
  count,
  decimal,
  duration,
  list,
  oneKey,
  oneOf,
  preset,
  record,
  type Schema,
  shared,
  text,
  textOr,
} from '../../schema/index.js';
import type { Distribution } from '../distribution.js';
import { createConstant } from './constant.js';
import { createEmpirical } from './empirical.js';
import { DistributionError } from './errors.js';
import type { DistributionFamily } from './family.js';
import { createHyperexponential } from './hyperexponential.js';
import { distributionFamilies } from './index.js';

/** Reads a column of a data file, in the unit of the quantity. Throws what its owner wants to see again. */
export type ColumnReader = (file: string, column: string) => ArrayLike<number>;

/** A distribution as written in a scenario, checked key by key. */
export interface DistributionSource {
  /** @throws DistributionError if no member of the family has these figures */
  create(readColumn: ColumnReader): Distribution;
}

/** What is random: how a single value is written, and the unit in which messages about it make sense. */
interface Quantity {
  readonly value: (doc: string) => Schema<number>;
  readonly bareDoc: string;
  /** Divisor for numbers in messages, and its name. */
  readonly message: { readonly size: number; readonly unit: string };
}

const DURATION: Quantity = {
  value: (doc) => duration({ doc }),
  bareDoc: 'always this long',
  message: { size: 1_000_000, unit: ' (times in ms)' },
};
const COUNT: Quantity = {
  value: (doc) => count({ doc }),
  bareDoc: 'always this many',
  message: { size: 1, unit: '' },
};

/** Keys that are pure numbers; all others have the dimension of the quantity. */
const DIMENSIONLESS: Readonly<Record<string, string>> = {
  cv: 'coefficient of variation: standard deviation / mean',
  shape: 'shape parameter',
};

const KEY_DOCS: Readonly<Record<string, string>> = {
  value: 'the value',
  mean: 'mean',
  min: 'smallest value',
  max: 'largest value',
  mode: 'most likely value',
  minimum: 'smallest value',
  p50: 'median',
  p95: 'value that 95 % of the draws stay below',
  p99: 'value that 99 % of the draws stay below',
};

const FAMILY_DOCS: Readonly<Record<string, string>> = {
  constant: 'always the same value',
  uniform: 'every value between min and max is equally likely',
  triangular: 'rises from min to mode, falls to max',
  exponential: 'memoryless; cv 1',
  lognormal: 'typical of service times: a long right tail',
  gamma: 'cv below 1: more regular than exponential; above 1: less',
  weibull: 'shape below 1: heavier tail than exponential',
  pareto: 'power-law tail; infinite variance for shape <= 2',
  hyperexponential: 'a mixture of exponentials: many short values, a few long ones; cv >= 1',
  empirical: 'recorded values',
};

function distributionSchema(quantity: Quantity): Schema<DistributionSource> {
  const constant = quantity
    .value(quantity.bareDoc)
    .transform((value): DistributionSource => ({ create: () => createConstant(value) }));
  const families = Object.fromEntries(
    distributionFamilies.map((family) => [family.name, familySchema(family, quantity)]),
  );
  const choice = oneKey('a distribution', { ...families, empirical: empiricalSchema(quantity) }, { merge: 'whole' });
  return textOr(
    constant,
    choice.transform((chosen) => chosen.value as DistributionSource),
  );
}

function familySchema(family: DistributionFamily, quantity: Quantity): Schema<DistributionSource> {
  const keys = [...new Set(family.combinations.flat())];
  const fields: Record<string, Schema<unknown>> = Object.fromEntries(
    keys.map((key) => [key, keySchema(key, quantity)]),
  );
  const combinations = [...family.combinations];
  if (family.name === 'hyperexponential') {
    fields.branches = list(branchSchema(quantity), 'the exponentials that are mixed');
    combinations.push(['branches']);
  }
  return combination(FAMILY_DOCS[family.name] ?? family.name, fields, combinations).transform(
    (given): DistributionSource => ({
      create: () =>
        inReadableUnits(quantity, (size) => {
          if (given.branches !== undefined) {
            const branches = given.branches as readonly { weight: number; mean: number }[];
            return createHyperexponential(branches.map(({ weight, mean }) => ({ weight, mean: mean / size })));
          }
          const scaled = Object.entries(given as Record<string, number | undefined>).filter(
            ([, value]) => value !== undefined,
          );
          return family.create(
            Object.fromEntries(scaled.map(([key, value]) => [key, key in DIMENSIONLESS ? value! : value! / size])),
          );
        }),
    }),
  );
}

/** A failure is repeated in the unit of messages, so that its text does not speak of nanoseconds. */
function inReadableUnits(quantity: Quantity, create: (size: number) => Distribution): Distribution {
  const { size, unit } = quantity.message;
  try {
    return create(1);
  } catch (first) {
    if (!(first instanceof DistributionError) || size === 1) throw first;
    try {
      create(size);
    } catch (error) {
      if (error instanceof DistributionError) {
        const reason = error.message.slice(error.family.length + 2);
        throw new DistributionError(error.family, error.parameters, reason + unit);
      }
    }
    throw first;
  }
}

function keySchema(key: string, quantity: Quantity): Schema<number> {
  const dimensionless = DIMENSIONLESS[key];
  return dimensionless === undefined ? quantity.value(KEY_DOCS[key] ?? key) : decimal({ doc: dimensionless, above: 0 });
}

function branchSchema(quantity: Quantity): Schema<{ weight: number; mean: number }> {
  return record(
    'one of the exponentials',
    { weight: decimal({ doc: 'relative frequency', above: 0 }), mean: quantity.value('mean') },
    { merge: 'whole' },
  );
}

function empiricalSchema(quantity: Quantity): Schema<DistributionSource> {
  const interpolation = oneOf(
    ['step', 'linear'],
    'step: only recorded values occur; linear: values between neighbours occur too',
  );
  const fields = {
    file: text({ doc: 'CSV file, relative to the file that names it; .csv.gz too' }),
    column: text({ doc: 'column of the file; its name ends in the unit: _ms, _s, _us, _ns' }),
    values: list(quantity.value('a recorded value'), 'the recorded values'),
    interpolation: preset(interpolation, 'step'),
  };
  const ways = [['file', 'column'], ['values']] as const;
  return combination(FAMILY_DOCS.empirical!, fields, ways, ['interpolation']).transform(
    ({ file, column, values, interpolation: how }): DistributionSource => ({
      create: (readColumn) => createEmpirical(values ?? readColumn(file!, column!), how),
    }),
  );
}

/** A random duration: `20ms` (constant) or e.g. `{lognormal: {mean: 40ms, p95: 120ms}}`. Drawn in nanoseconds. */
export const randomDuration: Schema<DistributionSource> = shared('random_duration', distributionSchema(DURATION));

/** A random whole number: `5000` (constant) or e.g. `{uniform: {min: 1000, max: 9000}}`. */
export const randomCount: Schema<DistributionSource> = shared('random_count', distributionSchema(COUNT));
