export { CODES, type Code } from './codes.js';
export { alternatives, describeValue } from './describe.js';
export { type BareUnit, type DurationOptions, duration, readDuration } from './duration.js';
export { DOCS, type Fault, type FieldDoc, field, type Reading } from './field.js';
export { type FormatOptions, formatProblems } from './format-problems.js';
export { type Finding, findings, valueAt } from './issues.js';
export { type JsonSchema, toJsonSchema } from './json-schema.js';
export { count, decimal, type NumberOptions, ratio } from './numbers.js';
export { type Place, type Problem, sortProblems, withoutRepeats } from './problem.js';
export { type RateOptions, rate, readRate } from './rate.js';
export { type Choice, combination, type MapRules, oneKey, record } from './record.js';
export { share } from './share.js';
export { convertSize, type SizeOptions, size } from './size.js';
export { editDistance, nearest } from './suggest.js';
export { flag, isVersion, oneOf, text, version } from './text.js';
export { formatDuration, formatSize } from './units.js';
export {
  asMap,
  bare,
  branches,
  child,
  descriptionOf,
  fieldDoc,
  isFree,
  itemOf,
  mapRules,
  schemaAt,
  withDefaults,
  writtenDefault,
} from './walk.js';
export { wrapped } from './wrapped.js';
export { described, list, named, optional, orList, preset, type Schema, shared, textOr, type ValueOf } from './zod.js';
