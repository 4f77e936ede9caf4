import type { Processes } from './processes.js';

/** A listening socket that can be closed and opened again while its server exists. */
export interface Door {
  /** Nobody listens: connections that wait are reset, new ones are refused. */
  closes(): void;
  opens(): void;
  /** No packet reaches it, whether it is closed or open, until that ends; left out where nobody tries again. */
  cutOff?(isSo: boolean): void;
}

/** Of servers to which nobody connects: what is to be done waits elsewhere. */
export const NO_DOOR: Door = { closes: () => {}, opens: () => {} };

/** Nothing that is sent to the host is answered any more, until that ends. */
export interface Silence {
  begins(): void;
  ends(): void;
}

/** A host as those see it who start it, stop it, or lose it. */
export interface HostControl {
  readonly processes: Processes;
  readonly door: Door;
  /** Left out where no host ever falls silent. */
  readonly silence?: Silence;
  /** Whether the load balancer sends requests to the host from now on; without one it has no effect. */
  takesPart(isIn: boolean): void;
  /** It was noticed that the host is lost. */
  isGivenUp?(): void;
  /** Whether the host is there at present, where an autoscaler decides that; left out: always. */
  isInUse?(): boolean;
}
