import { action } from "../users.dependencies.ts";

export const lookUpRecipients = action("users.recipients.lookup", ({ params }, { users }) =>
  users.activeRecipients(params.ids),
);
