import { type Loaded, type LoadOptions, loadScenario } from '../../src/scenario/index.js';

/** Loads a scenario given as text, with other files given as text too. */
export function load(text: string, files: Record<string, string> = {}, options: Partial<LoadOptions> = {}): Loaded {
  return loadScenario({ file: 'case.yml', text }, { readText: reader(files), ...options });
}

export function reader(files: Record<string, string>): (path: string) => string {
  return (path) => {
    const text = files[path];
    if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    return text;
  };
}

/** `line:column code path` of every problem, in order. */
export function places(loaded: Loaded): string[] {
  return loaded.problems.map((p) => `${p.line}:${p.column} ${p.code} ${p.path}`);
}
