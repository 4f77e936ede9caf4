/** The page docs/validation/python.md. */
import {
  type Latencies,
  type PythonCase,
  pythonCases,
  simulatedLatencies,
} from '../../test/support/measured-python.js';

const REPLICATIONS = 5;
const METRICS = ['mean', 'p50', 'p95', 'p99'] as const;

/** Replays every measured case of gunicorn. */
export function pythonPage(): string {
  const rows = pythonCases().map((measured) => {
    const simulated = Array.from({ length: REPLICATIONS }, (_, replication) =>
      simulatedLatencies(measured, replication),
    );
    return row(measured, simulated);
  });
  return [
    '# gunicorn under the GIL',
    '',
    '<!-- Made by npm run validate. Do not edit. -->',
    '',
    'gunicorn 20.1.0 on CPython 3.11.2, one process on one core of a virtual machine, the client on the other. The recorded',
    'requests are sent again at the same times and simulated with the defaults that every user gets. `sw5`, `sw100`: switch',
    'interval in ms; `r`: share of the core that the requests need; `mc40_cv1`: 40 ms of CPU on average with a coefficient of',
    'variation of 1 instead of 10 ms and 0.5. Latencies in ms, measured → simulated, means over the runs; which waiter gets the',
    `GIL is chance, so ${REPLICATIONS} replications are simulated.`,
    '',
    `| case | requests | ${METRICS.join(' | ')} |`,
    '|---|---|---|---|---|---|',
    ...rows,
    '',
    'Two runs of the real server with the same trace differ by 0.3 % in the mean, 0.2 % in p50, 2.7 % in p95 and 5 % in p99.',
    '',
  ].join('\n');
}

function row({ name, requests, runs }: PythonCase, simulated: readonly Latencies[]): string {
  const cells = METRICS.map((metric) => {
    const mean = (all: readonly Latencies[]): number => all.reduce((sum, one) => sum + one[metric], 0) / all.length;
    const [real, model] = [mean(runs), mean(simulated)];
    const difference = 100 * (model / real - 1);
    return `${real.toFixed(1)} → ${model.toFixed(1)} (${difference >= 0 ? '+' : ''}${difference.toFixed(1)} %)`;
  });
  return `| ${[name, requests, ...cells].join(' | ')} |`;
}
