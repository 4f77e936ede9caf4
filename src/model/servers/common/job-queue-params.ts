import { field, list, named, optional, preset, type Schema, text } from '../../../schema/index.js';
import type { RequestClassSpec } from '../../spec.js';
import type { ServerProblem } from '../server.js';

/** A queue that a job processor works on. */
export interface QueueSetting {
  readonly name: string;
  /** How often it is looked at first, relative to the others; 0 = not stated. */
  readonly weight: number;
}

const NAME = /^[^\s,"]+$/;

const queue = field<QueueSetting>(
  {
    doc: 'A queue: its name, or [name, weight].',
    expected: 'the name of a queue, or [name, weight] such as [critical, 2]',
    unit: '',
    json: {
      anyOf: [
        { type: 'string', minLength: 1 },
        { type: 'array', items: [{ type: 'string' }, { type: 'integer', minimum: 1 }], minItems: 2, maxItems: 2 },
      ],
    },
  },
  (input) => {
    const [name, weight] = Array.isArray(input) ? input : [input, 0];
    if (typeof name !== 'string' || !NAME.test(name)) return { fault: { code: 'SCN_TYPE' } };
    if (!Array.isArray(input)) return { value: { name, weight: 0 } };
    if (input.length !== 2 || !Number.isInteger(weight)) return { fault: { code: 'SCN_TYPE' } };
    return weight >= 1 ? { value: { name, weight } } : { fault: { code: 'SCN_RANGE' } };
  },
);

/** Key `queues`. */
export function queuesSchema(doc: string): Schema<QueueSetting[]> {
  return preset(list(queue, doc), ['default']);
}

/** Key `queue_of`: which queue the jobs of a class go to. */
export const queueOfSchema: Schema<Record<string, string> | undefined> = optional(
  named(
    text({ doc: 'Queue of the jobs of this class.', pattern: NAME, expected: 'the name of a queue' }),
    'Queue of each class of jobs. A class that is not named here goes to the queue of its own name, else to default, else to the only queue.',
  ),
);

export type QueueOf = Readonly<Record<string, string>>;

/** Index into `names` for each class; -1 where nobody works on the queue of the class. */
export function queuesOfClasses(
  classes: readonly RequestClassSpec[],
  names: readonly string[],
  queueOf: QueueOf,
): Int32Array {
  return Int32Array.from(classes, ({ name }) => {
    const stated = queueOf[name];
    if (stated !== undefined) return names.indexOf(stated);
    if (names.includes(name)) return names.indexOf(name);
    return names.length === 1 ? 0 : names.indexOf('default');
  });
}

/** Classes that do not exist, and jobs that would wait forever. */
export function queueProblems(
  classes: readonly RequestClassSpec[],
  names: readonly string[],
  queueOf: QueueOf,
): ServerProblem[] {
  const unknown = Object.keys(queueOf).filter((name) => !classes.some((known) => known.name === name));
  const indexes = queuesOfClasses(classes, names, queueOf);
  const lost = classes.filter((_, k) => indexes[k] === -1);
  return [
    ...unknown.map((name) => ({ path: ['queue_of', name], message: `no class is called ${name}` })),
    ...lost.map(({ name }) => ({
      path: ['queues'],
      message: `nobody works on the queue of the jobs of class ${name}: there are ${names.join(', ')}`,
    })),
  ];
}
