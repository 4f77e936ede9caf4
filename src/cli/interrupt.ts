import { Exit } from './exit-codes.js';
import { printNote } from './terminal.js';

export interface Interrupt {
  /** Ctrl-C was pressed, or the process was asked to end: finish what is under way and write it. */
  isRequested(): boolean;
  /** Of a process that ends because of it: 128 and the number of the signal. */
  exitCode(): number;
  /** Back to the usual behaviour of the signals. */
  release(): void;
}

const EXIT_CODES = { SIGINT: Exit.Interrupted, SIGTERM: Exit.Terminated } as const;

/** The first Ctrl-C (SIGINT) or SIGTERM asks for an orderly end, the second leaves at once. */
export function catchInterrupt(): Interrupt {
  let exitCode: number | null = null;
  const onSignal = (signal: keyof typeof EXIT_CODES): void => {
    if (exitCode !== null) process.exit(EXIT_CODES[signal]);
    exitCode = EXIT_CODES[signal];
    printNote('gvlsim: finishing the replications under way; Ctrl-C again leaves at once');
  };
  for (const signal of Object.keys(EXIT_CODES)) process.on(signal, onSignal);
  return {
    isRequested: () => exitCode !== null,
    exitCode: () => exitCode ?? Exit.Interrupted,
    release: () => {
      for (const signal of Object.keys(EXIT_CODES)) process.off(signal, onSignal);
    },
  };
}

/** Does the work with the signals caught, from its first preparations on: what is begun has an orderly end. */
export async function heedingInterrupt<T>(work: (interrupt: Interrupt) => Promise<T>): Promise<T> {
  const interrupt = catchInterrupt();
  try {
    return await work(interrupt);
  } finally {
    interrupt.release();
  }
}
