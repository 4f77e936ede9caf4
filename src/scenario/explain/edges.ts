import type { SystemSpec } from '../../model/spec.js';
import { formatDuration } from '../../schema/index.js';
import { many, number, percent } from './words.js';

export function explainProxy({ edges: { proxy } }: SystemSpec): [string, string][] {
  if (proxy === null) return [];
  return [
    ['proxy', proxy.buffering ? 'reads requests whole before the server sees them' : 'passes requests on at once'],
  ];
}

export function explainBalancer({ edges: { balancer } }: SystemSpec): [string, string][] {
  if (balancer === null) return [];
  const { hosts, balance } = balancer;
  return [['balancer', `${many(hosts, 'host')}, ${balance}; what follows is of all hosts together`]];
}

export function explainClients({ edges: { clients } }: SystemSpec): [string, string][] {
  if (clients === null) return [];
  const { timeoutNs, retries } = clients;
  const patience = timeoutNs === Infinity ? 'wait for ever' : `give up after ${formatDuration(timeoutNs)}`;
  if (retries === null) return [['clients', `${patience}, never try again`]];
  const { max, backoffNs, factor, jitter, budget } = retries;
  const pause = `pauses of ${formatDuration(backoffNs)} x ${number(factor)} each time${jitter === 'full' ? ', drawn from 0 up' : ''}`;
  const limit = budget === Infinity ? '' : `; all together at most ${percent(budget)} of the first requests`;
  return [['clients', `${patience}; try again up to ${many(max, 'time')}, ${pause}${limit}`]];
}
