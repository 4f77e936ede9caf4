import type { ExperimentSpec } from '../../src/experiment/spec.js';
import { loadScenario } from '../../src/scenario/index.js';

/** Loads a scenario from its text; `files` are what it may refer to. */
export function experimentOf(text: string, files: Readonly<Record<string, string>> = {}): ExperimentSpec {
  const { experiment, problems } = loadScenario(
    { file: 'test.yml', text },
    {
      readText: (path) => {
        const found = files[path];
        if (found === undefined) throw new Error(`no file ${path}`);
        return found;
      },
    },
  );
  if (experiment === null) throw new Error(problems.map(({ message }) => message).join('; '));
  return experiment;
}

/** One server without overheads, one class with an exponential CPU demand of 10 ms. */
export function exponentialServer(options: {
  readonly load: string;
  readonly run: string;
  readonly server?: string;
  readonly classes?: string;
}): ExperimentSpec {
  return experimentOf(`
version: 1
name: test
host: {cores: 4}
ruby: {version: "3.3", gc: "off"}
server: ${options.server ?? '{unicorn: {worker_processes: 1, backlog: 4096}}'}
overheads: none
app: {classes: ${options.classes ?? '[{name: only, cpu: {exponential: {mean: 10ms}}}]'}}
load: ${options.load}
run: ${options.run}
`);
}

/** Three requests of 10 ms of Ruby code on one worker: at 0, 4 and 30 ms. */
export const THREE_REQUESTS = experimentOf(
  `
version: 1
name: three
host: {cores: 1}
ruby: {version: "3.3", gc: "off"}
server: {unicorn: {worker_processes: 1}}
overheads: none
app: {recorded: {file: three.csv}}
load: {recorded: {file: three.csv}}
run: {warmup: 0s, replications: 1}
`,
  { 'three.csv': 'arrival_ms,id,phases\n0,a,c10\n4,b,c10\n30,c,c10\n' },
);
