/** The few characters of the tables that are not ASCII. */
export interface Symbols {
  readonly plusMinus: string;
  readonly dot: string;
}

export const UNICODE_SYMBOLS: Symbols = { plusMinus: '±', dot: '·' };
export const ASCII_SYMBOLS: Symbols = { plusMinus: '+-', dot: '-' };
