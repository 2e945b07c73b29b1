import { action } from "../users.dependencies.ts";

export const publishKeys = action("users.jwks", async (_context, { tokens }) => ({
  keys: await tokens.publicKeys(),
}));
