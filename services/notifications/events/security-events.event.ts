import { customerRecipient } from "../domain/recipient.ts";
import { oneLine } from "../domain/values.ts";
import { on } from "../notifications.dependencies.ts";
import { notify } from "../notify.ts";

/** Tells of a sign-in from a device that the account does not know. */
export const loggedIn = on("users.logged-in", async ({ id, payload, occurredAt }, tx, dependencies) => {
  if (payload.isNewDevice !== true) return;
  const device = oneLine(payload.userAgent ?? "", 100);
  const values = { device, address: payload.address ?? "" };
  const news = { sourceId: id, kind: "new-sign-in", subjectId: null, values, occurredAt } as const;
  await notify(news, customerRecipient(payload.userId), tx, dependencies);
});

/** Tells the user who made it; keys that operators make at the console are nobody's. */
export const apiKeyCreated = on(
  "users.api-key-created",
  async ({ id, payload, actor, occurredAt }, tx, dependencies) => {
    if (actor.kind !== "user" || actor.id === undefined) return;
    const values = { name: payload.name };
    const news = { sourceId: id, kind: "new-api-key", subjectId: null, values, occurredAt } as const;
    await notify(news, customerRecipient(actor.id), tx, dependencies);
  },
);
