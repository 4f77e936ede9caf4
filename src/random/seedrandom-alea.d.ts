/** The part of seedrandom 3.0.5 that is used: its `alea` generator alone (the package's types cover only the main entry). */
declare module 'seedrandom/lib/alea.js' {
  /** The carry and the last three fractions of the recurrence. */
  export interface AleaState {
    c: number;
    s0: number;
    s1: number;
    s2: number;
  }
  export interface Alea {
    /** A draw with 32 random bits. */
    (): number;
    /** A draw with 53 random bits, made of two of 32. Needs no `this`. */
    double: () => number;
    /** A copy of the state. Only with the option `state`. */
    state: () => AleaState;
  }
  export default function alea(seed: string, options?: { state: true }): Alea;
}
