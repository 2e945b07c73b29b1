import { accounts } from "./0001-accounts.ts";
import { mailAndTokens } from "./0002-mail-and-tokens.ts";

export const migrations = [accounts, mailAndTokens];
