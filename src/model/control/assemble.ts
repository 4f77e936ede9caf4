import type { ControlSpec } from '../control-spec.js';
import type { Server, Site } from '../servers/server.js';
import { AdmissionGate } from './admission/admission-gate.js';

/** The server of one host, with what guards it. What is not in the scenario is not there and costs nothing. */
export function guarded(control: ControlSpec | undefined, assemble: (site: Site) => Server): (site: Site) => Server {
  const admission = control?.admission ?? null;
  return admission === null ? assemble : (site) => new AdmissionGate(admission, site, assemble);
}
