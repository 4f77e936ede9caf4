/**
 * gvlsim as a library: load a scenario, run it, summarise it.
 *
 * ```ts
 * import { loadScenarioFile, runExperiment, summarise } from 'gvlsim';
 *
 * const { experiment, problems } = loadScenarioFile('shop.yml');
 * if (experiment === null) throw new Error(problems[0].message);
 * const rows = summarise(await runExperiment(experiment));
 * ```
 *
 * @packageDocumentation
 */
import { readSource, readText } from './cli/files/read-source.js';
import { type Loaded, type LoadedSweep, type LoadOptions, loadScenario, loadSweep } from './scenario/index.js';

export * from './browser.js';

/**
 * Loads a scenario with its `sweep` from a file.
 *
 * @throws Error if the file cannot be read. What is wrong inside it comes back as `problems`.
 */
export function loadSweepFile(path: string, options: Omit<LoadOptions, 'readText'> = {}): LoadedSweep {
  return loadSweep(readSource(path), { ...options, readText });
}

/**
 * Loads a scenario from a file; `.gz` files that it names are unpacked.
 *
 * @param path YAML or JSON; paths in it are relative to it
 * @throws Error if the file cannot be read. What is wrong inside it comes back as `problems`.
 */
export function loadScenarioFile(path: string, options: Omit<LoadOptions, 'readText'> = {}): Loaded {
  return loadScenario(readSource(path), { ...options, readText });
}
