import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Model, measure, ROOT } from './measure.js';
import { inWords, printTable, sampleOf } from './sample.js';

/** What one run of a program says of itself: the time of the simulation itself, and the mean latency as a check. */
interface PeerRun {
  readonly wallMs: number;
  /** Mean time in system [ms]. */
  readonly mean: number;
}

interface Peer {
  readonly name: string;
  /** So that a run takes a second or so. */
  readonly requests: number;
  /** A string says why it cannot. */
  run(model: Model, requests: number, seed: number): PeerRun | string;
}

const NOT_INSTALLED = /ModuleNotFoundError|MODULE_NOT_FOUND/;

/** A program of bench/peers. It is not part of the development packages: who compares installs it. */
function program(name: string, requests: number, command: string, file: string, install: string): Peer {
  const path = fileURLToPath(new URL(`peers/${file}`, import.meta.url));
  return {
    name,
    requests,
    run: (model, count, seed) => {
      const args = [path, model, String(count), String(seed)];
      const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
      if (error !== undefined) return `${command} is not there`;
      if (status === 0) return JSON.parse(stdout) as PeerRun;
      return NOT_INSTALLED.test(stderr) ? `not installed: ${install}` : stderr.trim();
    },
  };
}

const GVLSIM: Peer = {
  name: 'gvlsim',
  requests: 1_000_000,
  run: (model, requests) => {
    const { wallMs, latency } = measure(ROOT, requests, { processes: 2, threads: 5 }, model);
    return { wallMs, mean: latency.mean };
  },
};

const PEERS: readonly Peer[] = [
  GVLSIM,
  program('simjs', 200_000, process.execPath, 'simjs_peer.cjs', 'npm install --no-save simjs'),
  program('SimPy', 100_000, 'python3', 'simpy_peer.py', 'pip install simpy'),
  program('Ciw', 100_000, 'python3', 'ciw_peer.py', 'pip install ciw'),
];

const TITLES: Record<Model, string> = {
  w1: 'M/M/1 at 90 % of capacity; mean by the formula: 100 ms',
  w2: 'two processes of five threads, CPU and I/O in turns, a lock each; mean of long runs: 57.1 ms',
};

/** Requests a second of other simulators on the same two models, in turns. Who is not installed is left out, with a line that says so. */
export function benchPeers(repeats: number): void {
  for (const model of ['w1', 'w2'] as const) {
    console.log(`\n${TITLES[model]}`);
    compare(model, repeats);
  }
}

function compare(model: Model, repeats: number): void {
  const runs = new Map<Peer, PeerRun[]>(PEERS.map((peer) => [peer, []]));
  for (let round = 1; round <= repeats; round++) {
    for (const [peer, sofar] of runs) {
      const result = peer.run(model, peer.requests, round);
      if (typeof result === 'string') {
        console.log(`without ${peer.name}: ${result}`);
        runs.delete(peer);
      } else sofar.push(result);
    }
  }
  const rate = (peer: Peer, { wallMs }: PeerRun): number => peer.requests / wallMs;
  const ours = sampleOf(runs.get(GVLSIM)!.map((run) => rate(GVLSIM, run))).median;
  const rows = [['', 'thousand requests/s', 'gvlsim is faster by', 'mean, ms']];
  for (const [peer, results] of runs) {
    const rates = sampleOf(results.map((run) => rate(peer, run)));
    const means = sampleOf(results.map(({ mean }) => mean));
    rows.push([peer.name, inWords(rates), (ours / rates.median).toFixed(1), inWords(means, 1)]);
  }
  printTable(rows);
}
