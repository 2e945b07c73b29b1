import { BatchConflict } from "../data/batch-repository.ts";

const attempts = 5;

/** Retries a batch after a `BatchConflict`: the concurrent transaction has committed, so the retry sees its changes. */
export async function retryOnConflict(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof BatchConflict) || attempt === attempts) throw error;
    }
  }
}
