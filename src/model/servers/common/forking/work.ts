import { BARE_SCRIPT, type ServerScript } from '../../../workers/script.js';
import type { Site } from '../../server.js';
import { FORKING_COSTS } from './costs.js';
import type { ForkingParams } from './forking-server.js';

const SCRIPT: ServerScript = {
  before: [
    { step: 'ruby', ns: FORKING_COSTS.acceptAndParseNs, what: 'read and parse', coldNs: FORKING_COSTS.coldBeforeNs },
  ],
  after: [
    { step: 'ruby', ns: FORKING_COSTS.writeNs, what: 'write', coldNs: FORKING_COSTS.coldAfterNs },
    { step: 'answer' },
    { step: 'ruby', ns: FORKING_COSTS.closeNs, what: 'close' },
  ],
};

/** What a worker of Unicorn does around a request; Pitchfork shares its loop. */
export function unicornWork({
  overheads,
  host,
}: Site): Pick<ForkingParams, 'script' | 'wakeLatencyNs' | 'emptyAcceptNs' | 'dropNs'> {
  if (!overheads) return { script: BARE_SCRIPT, wakeLatencyNs: 0, emptyAcceptNs: 0, dropNs: 0 };
  const { connectNs, emptyAcceptNs, acceptAndParseNs, closeNs } = FORKING_COSTS;
  return {
    script: SCRIPT,
    wakeLatencyNs: host.wakeLatencyNs + connectNs,
    emptyAcceptNs,
    dropNs: acceptAndParseNs + closeNs,
  };
}
