import type { ExperimentSpec } from '../../experiment/spec.js';
import type { Problem } from '../../schema/index.js';
import type { Override } from '../source/override.js';
import type { Mapping } from '../source/tree.js';

export interface ScenarioSource {
  /** Path as given by the user; `-` for standard input. */
  readonly file: string;
  readonly text: string;
}

export interface LoadOptions {
  /**
   * Text of a file that the scenario names (unzipped), by its path relative to where the scenario's own path is
   * relative to. Throws when it cannot be read.
   */
  readText(path: string): string;
  /** `path=value` overrides, the value being YAML. */
  readonly set?: readonly string[];
  readonly overrides?: PlainOverrides;
}

/** Values of command-line flags of their own. */
export interface PlainOverrides {
  readonly seed?: number;
  readonly replications?: number;
  readonly requests?: number;
  readonly durationText?: string;
  readonly warmupText?: string;
}

export interface Loaded {
  /** Null when there are problems. */
  readonly experiment: ExperimentSpec | null;
  readonly problems: readonly Problem[];
  /** Doubtful, but no reason not to run. */
  readonly warnings: readonly Problem[];
}

/** A scenario that has been read, from which experiments that differ in a few fields can be built. */
export interface OpenScenario {
  /** Of the scenario; empty if it has none. */
  readonly name: string;
  /** The file on top of those it extends, `--set` and the like applied; null when it cannot be read. */
  readonly root: Mapping | null;
  /** @param more applied after those of the options */
  build(more?: readonly Override[]): Loaded;
}
