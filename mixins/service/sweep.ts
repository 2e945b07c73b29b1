import type { Logger } from "moleculer";
import { isShopError } from "../contract/errors.ts";

const pageSize = 100;

interface Sweep<T> {
  /** The next due rows behind `after`, in a fixed order. */
  readonly due: (limit: number, after: T | undefined) => Promise<readonly T[]>;
  readonly each: (one: T) => Promise<unknown>;
  /** What has failed, for the log. */
  readonly failed: (one: T) => string;
}

/**
 * Works through all due rows, page by page. A failure is logged and does not delay the others; the row is due again in
 * the next sweep.
 *
 * @throws ShopError `unavailable` at once: the others would fail too
 */
export async function sweep<T>({ due, each, failed }: Sweep<T>, log: Logger): Promise<void> {
  let page: readonly T[];
  let last: T | undefined;
  do {
    page = await due(pageSize, last);
    for (const one of page)
      try {
        await each(one);
      } catch (error) {
        if (isShopError(error, "unavailable")) throw error;
        log.error(failed(one), error);
      }
    last = page.at(-1);
  } while (page.length === pageSize);
}
