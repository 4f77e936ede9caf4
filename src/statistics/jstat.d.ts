/** The part of jstat 1.9.6 that is used; the package has no types. */
declare module 'jstat' {
  interface Law<Parameters extends readonly number[]> {
    inv(p: number, ...parameters: Parameters): number;
    cdf(x: number, ...parameters: Parameters): number;
  }
  const jStat: {
    /** mean, standard deviation */
    readonly normal: Law<[number, number]>;
    /** both shapes */
    readonly beta: Law<[number, number]>;
    /** degrees of freedom */
    readonly studentt: Law<[number]>;
    /** degrees of freedom */
    readonly chisquare: Law<[number]>;
  };
  export default jStat;
}
