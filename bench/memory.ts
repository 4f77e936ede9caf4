import { runReplication } from '../src/experiment/replicate.js';
import { loadScenario } from '../src/scenario/index.js';
import { inWords, printTable, sampleOf } from './sample.js';

const SERVERS = {
  'Unicorn, 4 workers': 'unicorn: {worker_processes: 4, preload_app: true}',
  'Puma, 2 x 5': 'puma: {version: "6.6", workers: 2, threads: 5, preload_app: true}',
} as const;

/** 24 000 requests. */
function scenario(server: string, memory: string): string {
  return `version: 1
name: memory
host: {cores: 4}
ruby: {version: "3.3"}
server: {${server}}
app:
  classes:
    - name: page
      cpu: {gamma: {mean: 30ms, cv: 0.7}}
      io: {calls: 4, each: {exponential: {mean: 8ms}}}
      allocations: 40000
      malloc: 2MiB
  ${memory}
load: {open: {rate: 40/s}}
run: {duration: 10min, warmup: 0s, replications: 1, seed: 2}
`;
}

function cpuMs(text: string): number {
  const { experiment, problems } = loadScenario({ file: 'memory.yml', text }, { readText: () => '' });
  if (experiment === null) throw new Error(problems.map(({ message }) => message).join('\n'));
  const before = process.cpuUsage();
  runReplication(experiment.configurations[0]!, experiment.run, 0);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** What `app.memory` costs: the same requests with it and without it, in turns. */
export function benchMemory(repeats: number): void {
  const rows = Object.entries(SERVERS).map(([name, server]) => {
    const [without, withMemory] = [scenario(server, ''), scenario(server, 'memory: {static: 230MiB}')];
    cpuMs(without);
    cpuMs(withMemory);
    const rounds = Array.from({ length: repeats }, () => [cpuMs(without), cpuMs(withMemory)] as const);
    return [
      name,
      inWords(sampleOf(rounds.map(([off]) => off))),
      inWords(sampleOf(rounds.map(([, on]) => on))),
      inWords(sampleOf(rounds.map(([off, on]) => on / off)), 2),
    ];
  });
  printTable([['24 000 requests', 'without, ms', 'with app.memory, ms', 'ratio'], ...rows]);
}
