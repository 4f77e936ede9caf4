/** A combination of parameters that no member of the family has. The message is for whoever wrote the scenario. */
export class DistributionError extends Error {
  /** Family as written in scenario files. */
  readonly family: string;
  /** Keys of the parameters at fault; empty if it is their combination. */
  readonly parameters: readonly string[];

  constructor(family: string, parameters: readonly string[], message: string) {
    super(`${family}: ${message}`);
    this.name = 'DistributionError';
    this.family = family;
    this.parameters = parameters;
  }
}

/** @throws DistributionError unless `value` is a finite number > 0 */
export function requirePositive(family: string, parameter: string, value: number): void {
  if (!(value > 0 && value < Infinity)) {
    throw new DistributionError(family, [parameter], `${parameter} must be a number > 0, is ${value}`);
  }
}

/** @throws DistributionError unless `value` is a finite number >= 0 */
export function requireNotNegative(family: string, parameter: string, value: number): void {
  if (!(value >= 0 && value < Infinity)) {
    throw new DistributionError(family, [parameter], `${parameter} must be a number >= 0, is ${value}`);
  }
}
