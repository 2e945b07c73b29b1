import { actorOf } from "../../../mixins/contract/caller.ts";
import { action } from "../catalog.dependencies.ts";
import { demoProducts } from "../demo/demo-catalogue.ts";
import { seedDemoMall } from "../tasks/seed-demo-mall.task.ts";

/** Starts to add the demonstration mall to a shop that has no products but demonstration products. */
export const startDemoMall = action("catalog.demo.mall", async (context, { batches, tasks }) => {
  const { params, caller, requestId, transaction } = context;
  // On demand: see the task.
  const { mallProducts } = await import("../demo/demo-mall.ts");
  const slugs = new Set([...demoProducts, ...mallProducts()].map(({ slug }) => slug));
  if (await batches.anyBut(slugs)) return { task: null };
  const origin = { actor: actorOf(caller), requestId };
  return { task: await transaction((tx) => tasks.enqueue(seedDemoMall, params, origin, tx)) };
});
