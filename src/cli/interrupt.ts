import { Exit } from './exit-codes.js';
import { printNote } from './terminal.js';

export interface Interrupt {
  /** Ctrl-C was pressed: finish what is under way and write it. */
  isRequested(): boolean;
  /** Back to the usual behaviour of Ctrl-C. */
  release(): void;
}

/** The first Ctrl-C asks for an orderly end, the second leaves at once. */
export function catchInterrupt(): Interrupt {
  let isRequested = false;
  const onSignal = (): void => {
    if (isRequested) process.exit(Exit.Interrupted);
    isRequested = true;
    printNote('gvlsim: finishing the replications under way; Ctrl-C again leaves at once');
  };
  process.on('SIGINT', onSignal);
  return {
    isRequested: () => isRequested,
    release: () => {
      process.off('SIGINT', onSignal);
    },
  };
}
