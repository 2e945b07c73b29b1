import type { ShopCommand } from "./command.ts";

export const showDeadLetter: ShopCommand = {
  usage: "dlq show <id>",
  summary: "Show one of the first hundred dead letters with its payload",
  async run({ call }, [id = ""]) {
    const { items } = await call("operations.dead-letters.list", { limit: 100 });
    const letters = items.filter(({ eventId }) => eventId === id.toLowerCase());
    // JSON escapes all other control characters.
    const text = letters
      .map((letter) => JSON.stringify(letter, undefined, 2).replaceAll(/[\u007f-\u009f]/g, "?"))
      .join("\n");
    return text || "no such dead letter";
  },
};
