export type Limiter = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets at most `most` pieces of work go on at once; the others wait in the order in which they came. */
export function limiter(most: number): Limiter {
  const waiting: (() => void)[] = [];
  let going = 0;
  return async (work) => {
    if (going >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else going += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else going -= 1;
    }
  };
}
