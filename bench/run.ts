/**
 * `npm run bench` compares the speed of a run with the hand-written C of bench/c and with the last commit.
 * `npm run bench -- --scaling` measures cost and memory from 10^5 to 10^7 requests, `-- --startup` the start of the
 * command line, `-- --jobs` how much faster two jobs are than one, `-- --memory` what app.memory costs, `-- --peers` the speed of other simulators. It reports and judges nothing: figures of a shared machine are no test.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { benchJobs } from './jobs.js';
import { benchMemory } from './memory.js';
import { benchPeers } from './peers.js';
import { benchScaling } from './scaling.js';
import { benchSpeed } from './speed.js';
import { benchStartup } from './startup.js';

const { values } = parseArgs({
  options: {
    scaling: { type: 'boolean', default: false },
    jobs: { type: 'boolean', default: false },
    memory: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    startup: { type: 'boolean', default: false },
    repeats: { type: 'string' },
    requests: { type: 'string', default: '1000000' },
  },
});

console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores`);
console.log(`load average before: ${loadavg()[0]?.toFixed(2)}\n`);
const repeats = Number(values.repeats ?? 5);
if (values.scaling) benchScaling(repeats);
else if (values.jobs) benchJobs(Number(values.repeats ?? 2));
else if (values.memory) benchMemory(Number(values.repeats ?? 9));
else if (values.peers) benchPeers(Number(values.repeats ?? 3));
else if (values.startup) benchStartup(Math.max(repeats, 11));
else benchSpeed({ repeats, requests: Number(values.requests) });
console.log(`\nload average after: ${loadavg()[0]?.toFixed(2)}`);
