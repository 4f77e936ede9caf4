/** The part of seedrandom 3.0.5 that is used: its `alea` generator alone (the package's types cover only the main entry). */
declare module 'seedrandom/lib/alea.js' {
  export interface Alea {
    /** A draw with 32 random bits. */
    (): number;
    /** A draw with 53 random bits, made of two of 32. Needs no `this`. */
    double: () => number;
  }
  export default function alea(seed: string): Alea;
}
