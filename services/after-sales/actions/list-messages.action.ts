import { visibleTo } from "../access.ts";
import { action } from "../after-sales.dependencies.ts";
import { presentMessage } from "../present.ts";

export const listMessages = action(
  "after-sales.messages.list",
  async ({ params: { id, ...request }, caller, fail }, { afterSales, messages, imagePresenter }) => {
    if (!(await afterSales.byId(id, visibleTo(caller)))) throw fail("not-found");
    const found = await messages.list(id, request);
    return { ...found, items: found.items.map((message) => presentMessage(message, imagePresenter)) };
  },
);
