/** Calls `work` `count` times, `inFlight` at once. */
export async function each(count: number, inFlight: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) {
      next += 1;
      await work(next - 1);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}
