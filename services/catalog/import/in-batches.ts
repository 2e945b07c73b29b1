/** Groups items into batches of at most `size`, after skipping the first ones. */
export async function* inBatches<T>(
  source: AsyncIterable<T>,
  size: number,
  leftOut: number,
): AsyncGenerator<T[]> {
  let batch: T[] = [];
  let position = 0;
  for await (const item of source) {
    position += 1;
    if (position <= leftOut) continue;
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
