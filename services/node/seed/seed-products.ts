import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceContract } from "../../../mixins/contract/contract.ts";
import type { ActionName } from "../../../mixins/contract/calls.ts";
import { contractsOf } from "../../../mixins/service/config-of.ts";
import { StartError } from "../data-directory.ts";
import type { DemoShop } from "./demo-shop.ts";

const pollMs = 500;

/**
 * Adds the products of the mall with their pictures.
 *
 * @returns the number of added products
 * @throws StartError when the shop has products of its own
 */
export async function seedProducts(shop: DemoShop): Promise<number> {
  const { task } = await shop.call("catalog.demo.mall", { pictures: shop.pictures });
  if (!task) throw new StartError("the shop has products of its own: nothing was added");
  for (;;) {
    const { state, progress, result, error } = await shop.call("catalog.tasks.get", { id: task.id });
    shop.show(`products and pictures: ${progress.done} of ${progress.total ?? "?"}`);
    if (state === "succeeded") return Number(result?.["products"]);
    if (state === "failed" || state === "cancelled")
      throw new StartError(`${state}: ${error?.message ?? "the task was cancelled"}`);
    await sleep(pollMs);
  }
}

const kind = "make-image-renditions";

/** Without this, a shop in one process would make the sizes of the pictures at its next start. */
export async function renditionsMade(shop: DemoShop): Promise<void> {
  const lists = contractsOf(shop.broker).flatMap(listOfTasks);
  for (;;) {
    const queues = await Promise.all(
      lists.flatMap((name) =>
        (["queued", "running"] as const).map((state) =>
          shop.call(name as "catalog.tasks.list", { kind, state, limit: 100 }),
        ),
      ),
    );
    const left = queues.reduce((sum, { items }) => sum + items.length, 0);
    if (left === 0) return;
    const isMore = queues.some(({ nextCursor }) => nextCursor !== null);
    shop.show(`sizes of pictures: ${left}${isMore ? " or more" : ""} to make`);
    await sleep(pollMs);
  }
}

function listOfTasks({ name, actions }: ServiceContract): ActionName[] {
  return "tasks.list" in actions ? [`${name}.tasks.list` as ActionName] : [];
}
