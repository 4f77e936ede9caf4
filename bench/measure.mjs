/**
 * One measurement in a process of its own: `node bench/measure.mjs ROOT REQUESTS PROCESSES THREADS`, or with `w1` after
 * that, which is one process of one thread. Runs bench/w2.yml or bench/w1.yml as `gvlsim run` does (scenario text -> experiment -> replication with every statistic) with the
 * build found under ROOT, and prints one line of JSON. A tenth of the requests, at least 100 000, warm the compiler up.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [root, requestsText, processesText, threads, model = 'w2'] = process.argv.slice(2);
const requests = Number(requestsText);
const processes = Number(processesText);
const built = (path) => import(pathToFileURL(`${root}/dist/${path}`).href);
const { loadScenario } = await built('scenario/index.js');
const { runReplication } = await built('experiment/replicate.js');
// Older builds have another name for it, or no such file.
const { tuneCompiler, tuneEngine = tuneCompiler } = await built('cli/engine.js').catch(() => ({}));
tuneEngine?.();

const file = fileURLToPath(new URL(`${model}.yml`, import.meta.url));
const readText = (path) => readFileSync(path, 'utf8');
// GVL load 0.8: each request needs 12 ms of a GVL on average.
const rate = (0.8 * processes) / 0.012;
const size = [
  `host.cores=${processes}`,
  `server.ideal.processes=${processes}`,
  `server.ideal.threads=${threads}`,
  `load.open.rate=${rate}/s`,
];

function load(count) {
  const { experiment, problems } = loadScenario(
    { file, text: readText(file) },
    {
      readText,
      set: [`run.requests=${count}`, ...(model === 'w2' ? size : [])],
    },
  );
  if (experiment === null) throw new Error(problems.map((problem) => problem.message).join('\n'));
  return experiment;
}

function run(count) {
  const { configurations, run: plan } = load(count);
  return runReplication(configurations[0], plan, 0);
}

run(Math.max(100_000, Math.min(requests / 10, 200_000)));
const cpuBefore = process.cpuUsage();
const startedMs = performance.now();
const result = run(requests);
const wallMs = performance.now() - startedMs;
const cpu = process.cpuUsage(cpuBefore);
const latency = result.metrics.find(({ className, metric }) => className === 'all' && metric === 'latency_ms');
console.log(
  JSON.stringify({
    wallMs,
    cpuMs: (cpu.user + cpu.system) / 1000,
    events: result.events,
    fingerprint: result.fingerprint,
    latency,
    peakRssMiB: process.resourceUsage().maxRSS / 1024,
  }),
);
