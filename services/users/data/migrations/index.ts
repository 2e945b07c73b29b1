import { accounts } from "./0001-accounts.ts";
import { mailAndTokens } from "./0002-mail-and-tokens.ts";
import { signIns } from "./0003-sign-ins.ts";
import { rolesAndApiKeys } from "./0004-roles-and-api-keys.ts";
import { twoFactor } from "./0005-two-factor.ts";
import { userLists } from "./0006-user-lists.ts";
import { encryptedSecrets } from "./0007-encrypted-secrets.ts";

export const migrations = [accounts, mailAndTokens, signIns, rolesAndApiKeys, twoFactor, userLists, encryptedSecrets];
