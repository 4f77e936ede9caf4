/**
 * T5 and T6 once more, for half a second each: what `programs.rb` printed [us], Ruby 3.1.2 and 3.3.8 (Debian), two cores that other programs
 * wanted, too (load of 4 to 7 in the first three runs of each version, of 13 in the last three).
 */
export interface Repeat {
  /** `trips 0 1`, `trips 0 2`, `trips 0 4`: time per call of one, two and four threads together. */
  readonly trips: readonly [one: number, two: number, four: number];
  /** `trips 12 1` and so on: with 12 us of work. */
  readonly working: readonly [one: number, two: number, four: number];
  /** `pingpong`: one way. */
  readonly pingPong: number;
}

export const REPEATS: Readonly<Record<'3.1' | '3.3', readonly Repeat[]>> = {
  '3.1': [
    { trips: [0.841, 1.573, 0.907], working: [11.056, 26.992, 13.009], pingPong: 16.798 },
    { trips: [0.943, 1.945, 1.044], working: [12.156, 13.89, 15.816], pingPong: 14.262 },
    { trips: [0.815, 1.439, 1.075], working: [11.119, 16.991, 16.469], pingPong: 20.718 },
    { trips: [1.031, 2.183, 1.043], working: [12.826, 16.896, 17.152], pingPong: 20.873 },
    { trips: [1.037, 1.642, 1.165], working: [13.592, 30.199, 18.083], pingPong: 24.084 },
    { trips: [1.015, 1.474, 1.067], working: [12.611, 19.337, 15.413], pingPong: 16.698 },
  ],
  '3.3': [
    { trips: [0.688, 16.206, 13.692], working: [8.223, 26.551, 22.815], pingPong: 19.193 },
    { trips: [0.67, 22.67, 17.616], working: [10.398, 40.369, 26.49], pingPong: 18.933 },
    { trips: [0.606, 8.8, 19.997], working: [10.071, 57.616, 75.269], pingPong: 23.166 },
    { trips: [0.783, 26.45, 19.124], working: [12.591, 40.502, 33.08], pingPong: 7.565 },
    { trips: [0.864, 18.708, 25.283], working: [11.697, 34.153, 30.398], pingPong: 24.405 },
    { trips: [0.695, 20.055, 16.513], working: [9.62, 20.057, 28.224], pingPong: 7.056 },
  ],
};
