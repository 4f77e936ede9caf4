import { SECOND } from '../../../kernel/time.js';
import { count, decimal, duration, oneKey, preset, record, type Schema } from '../../../schema/index.js';
import type { AutoscalerSpec } from '../../control-spec.js';

const target = (doc: string): Schema<number> => preset(decimal({ doc, above: 0, max: 1000 }), 0.6);

const signal = oneKey('What the autoscaler looks at.', {
  cpu: record('Share of the cores in use, averaged over the hosts in use and the period; kept at the target.', {
    target: target('Share at which it is kept.'),
  }),
  busy: record(
    'Requests in the hosts over their threads, averaged over the period; kept at the target. Above 1 requests queue.',
    { target: target('Requests for each thread at which it is kept.') },
  ),
  queue_time: record(
    'From the sending of requests to the application, of those answered in the period: a host more above, a host fewer below.',
    {
      percentile: preset(decimal({ doc: 'Which percentile of the requests is looked at.', above: 0, below: 100 }), 95),
      up_above: duration({ doc: 'Above, a host is added, unless one is booting.', min: 1 }),
      down_below: duration({ doc: 'Below, a host is taken away, once down_after has passed.' }),
    },
  ),
});

/** Keys and defaults of `control: {autoscaler: ...}`. */
export const autoscalerParams: Schema<AutoscalerSpec> = record(
  'Adds and removes hosts (or containers) behind the load balancer. It begins with those of load_balancer.hosts.',
  {
    signal,
    min: preset(count({ doc: 'Fewest hosts.', min: 1, max: 1000 }), 1),
    max: count({ doc: 'Most hosts.', min: 1, max: 1000 }),
    period: preset(
      duration({ doc: 'How often it decides (15s as the HorizontalPodAutoscaler of Kubernetes).', min: SECOND / 10 }),
      '15s',
    ),
    boot: preset(
      duration({
        doc: 'From the decision for a host to its first request: machine or container, image, boot of the application.',
      }),
      '1min',
    ),
    down_after: preset(
      duration({
        doc: 'Hosts are taken away only if no decision of so long has asked for more (stabilization window; 5min in Kubernetes).',
      }),
      '5min',
    ),
  },
).transform((v) => ({
  signal: signalOf(v.signal),
  min: v.min,
  max: v.max,
  periodNs: v.period,
  bootNs: v.boot,
  downAfterNs: v.down_after,
}));

function signalOf(
  chosen:
    | { readonly kind: 'cpu' | 'busy'; readonly value: { readonly target: number } }
    | {
        readonly kind: 'queue_time';
        readonly value: { readonly percentile: number; readonly up_above: number; readonly down_below: number };
      },
): AutoscalerSpec['signal'] {
  if (chosen.kind !== 'queue_time') return { kind: chosen.kind, target: chosen.value.target };
  const { percentile, up_above: upAboveNs, down_below: downBelowNs } = chosen.value;
  return { kind: 'queue_time', share: percentile / 100, upAboveNs, downBelowNs };
}
