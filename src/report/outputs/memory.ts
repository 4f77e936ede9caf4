import { MEMORY_METRICS } from '../../experiment/recording/memory-series.js';
import { overWindow, summaryOf } from '../../experiment/recording/memory-values.js';
import type { ReplicationResult } from '../../experiment/result.js';
import { column, REPLICATION, type Table, VARIANT } from '../columns.js';
import type { Row } from '../csv.js';
import { plainCell, secondsCell } from '../numbers.js';

export const MEMORY: Table = {
  name: 'memory',
  title: 'Memory',
  description:
    'Written where the scenario has app.memory: memory of the container and of each class of processes over simulated time, and its mean and maximum. A page that several processes map is in the rss of each and, divided by their number, in the pss of each; rss = shared_clean + shared_dirty + private_clean + private_dirty.',
  primaryKey: ['variant', 'replication', 't_s', 'process_class', 'metric', 'statistic'],
  columns: [
    VARIANT,
    REPLICATION,
    column(
      't_s',
      'number',
      's',
      'Time',
      'Simulated time of the sample, from the start of the replication; empty in the rows with the mean and the maximum over the samples between the end of the warm-up and the end of the load.',
    ),
    column(
      'process_class',
      'string',
      '',
      'Process class',
      '`container`: the sum over all processes; `master`, `worker`: the mean of the processes of that class; `image`: pages of the loaded application that no worker maps any more (textbook formula).',
    ),
    column('process_count', 'integer', 'processes', 'Processes', 'Processes behind the row.'),
    column(
      'metric',
      'string',
      '',
      'Metric',
      '`rss_mib` `pss_mib` `uss_mib` `shared_clean_mib` `shared_dirty_mib` `private_clean_mib` `private_dirty_mib`, as in /proc/PID/smaps_rollup. Of the container besides, where a collector keeps a Ruby heap, for each slot size (40b; from Ruby 3.2 on 80b, 160b, 320b and 640b too): `ruby_heap_40b_mib`, the pages of that size pool in all workers, and `ruby_heap_40b_used_mib`, its slots that hold objects, garbage that is not swept yet included.',
    ),
    column('statistic', 'string', '', 'Statistic', '`sample`, `mean` or `max`.'),
    column('value_mib', 'number', 'MiB', 'Value', 'Value of the metric.'),
  ],
};

export function* memoryRows(replications: readonly ReplicationResult[]): Generator<Row> {
  for (const { variant, replication, memory, window } of replications) {
    if (memory === null) continue;
    const number = String(replication + 1);
    const { groups, timesNs, values, sizePools } = memory;
    for (const [g, { name, processes }] of groups.entries()) {
      for (const [m, metric] of MEMORY_METRICS.entries()) {
        const { mean, max } = summaryOf(memory, g, m, window);
        yield [variant, number, '', name, String(processes), metric, 'mean', plainCell(mean)];
        yield [variant, number, '', name, String(processes), metric, 'max', plainCell(max)];
      }
    }
    const container = groups[0]!;
    const all = String(container.processes);
    for (const [m, metric] of sizePools.names.entries()) {
      const { mean, max } = overWindow(timesNs, sizePools.values[m]!, window);
      yield [variant, number, '', container.name, all, metric, 'mean', plainCell(mean)];
      yield [variant, number, '', container.name, all, metric, 'max', plainCell(max)];
    }
    for (let k = 0; k < timesNs.length; k++) {
      const time = secondsCell(timesNs[k]!);
      for (const [g, { name, processes }] of groups.entries()) {
        for (const [m, metric] of MEMORY_METRICS.entries()) {
          yield [variant, number, time, name, String(processes), metric, 'sample', plainCell(values[g]![m]![k]!)];
        }
      }
      for (const [m, metric] of sizePools.names.entries()) {
        const value = plainCell(sizePools.values[m]![k]!);
        yield [variant, number, time, container.name, all, metric, 'sample', value];
      }
    }
  }
}
