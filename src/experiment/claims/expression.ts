/**
 * Figures put together from results, as claims state them:
 *
 * ```
 * latency_ms p95 @two-threads / latency_ms p95 @two-processes
 * max( throughput_per_s @t2 , throughput_per_s @t3 ) - 1
 * ```
 *
 * A quantity is a metric, for one class with `{class:NAME}`, then a statistic (default `mean`), then `@` and a variant.
 * Operators `+ - * /` stand between blanks, because names may contain dashes; `min` and `max` take several figures.
 */

export interface Quantity {
  readonly metric: string;
  /** `all`, or the name of a class. */
  readonly className: string;
  readonly statistic: string;
  /** null: the only configuration of the scenario. */
  readonly variant: string | null;
}

export interface Expression {
  readonly text: string;
  /** Every quantity that it mentions, each once. */
  readonly quantities: readonly Quantity[];
  /** @param values of the quantities, in their order */
  evaluate(values: ArrayLike<number>): number;
}

export interface ExpressionFault {
  readonly fault: string;
}

type Node = (values: ArrayLike<number>) => number;

const QUANTITY = /^([a-z][a-z0-9_]*)(?:\{class:([^}]+)\})?$/;
const FUNCTIONS: Readonly<Record<string, (...values: number[]) => number>> = { max: Math.max, min: Math.min };

/** What the text means, or what is wrong with it. */
export function readExpression(text: string): Expression | ExpressionFault {
  const reader = new Reader(text.match(/[(),]|[^\s(),]+/g) ?? []);
  try {
    const evaluate = reader.whole();
    return { text, quantities: reader.quantities, evaluate };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { fault: error.message };
  }
}

class Reader {
  readonly quantities: Quantity[];
  private at: number;

  constructor(private readonly tokens: readonly string[]) {
    this.quantities = [];
    this.at = 0;
  }

  whole(): Node {
    const node = this.sum();
    if (this.at < this.tokens.length) throw new SyntaxError(`expected + - * / before ${this.tokens[this.at]}`);
    return node;
  }

  private sum(): Node {
    let left = this.product();
    for (;;) {
      const a = left;
      if (this.takes('+')) {
        const b = this.product();
        left = (values) => a(values) + b(values);
      } else if (this.takes('-')) {
        const b = this.product();
        left = (values) => a(values) - b(values);
      } else return left;
    }
  }

  private product(): Node {
    let left = this.factor();
    for (;;) {
      const a = left;
      if (this.takes('*')) {
        const b = this.factor();
        left = (values) => a(values) * b(values);
      } else if (this.takes('/')) {
        const b = this.factor();
        left = (values) => a(values) / b(values);
      } else return left;
    }
  }

  private factor(): Node {
    const token = this.next();
    if (token === '(') {
      const inner = this.sum();
      this.expect(')');
      return inner;
    }
    const number = Number(token);
    if (Number.isFinite(number)) return () => number;
    const apply = FUNCTIONS[token];
    if (apply !== undefined && this.tokens[this.at] === '(') return this.call(apply);
    return this.quantity(token);
  }

  private call(apply: (...values: number[]) => number): Node {
    this.expect('(');
    const inner = [this.sum()];
    while (this.takes(',')) inner.push(this.sum());
    this.expect(')');
    return (values) => apply(...inner.map((node) => node(values)));
  }

  private quantity(token: string): Node {
    const match = QUANTITY.exec(token);
    if (match === null) throw new SyntaxError(`expected a number or a metric such as latency_ms, received ${token}`);
    const [, metric = '', className = 'all'] = match;
    let statistic = 'mean';
    let variant: string | null = null;
    const after = this.tokens[this.at];
    if (after !== undefined && /^[a-z]+\d*$/.test(after)) statistic = this.next();
    if (this.tokens[this.at]?.startsWith('@')) variant = this.next().slice(1);
    const index = this.indexOf({ metric, className, statistic, variant });
    return (values) => values[index]!;
  }

  private indexOf(quantity: Quantity): number {
    const known = this.quantities.findIndex((other) => keyOf(other) === keyOf(quantity));
    return known >= 0 ? known : this.quantities.push(quantity) - 1;
  }

  private next(): string {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new SyntaxError('the figure ends too early');
    return token;
  }

  private takes(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private expect(token: string): void {
    if (!this.takes(token)) throw new SyntaxError(`expected ${token}`);
  }
}

function keyOf({ metric, className, statistic, variant }: Quantity): string {
  return [metric, className, statistic, variant ?? ''].join(' ');
}
