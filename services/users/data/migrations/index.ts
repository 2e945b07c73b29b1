import { accounts } from "./0001-accounts.ts";
import { mailAndTokens } from "./0002-mail-and-tokens.ts";
import { signIns } from "./0003-sign-ins.ts";
import { rolesAndApiKeys } from "./0004-roles-and-api-keys.ts";
import { twoFactor } from "./0005-two-factor.ts";
import { userLists } from "./0006-user-lists.ts";
import { encryptedSecrets } from "./0007-encrypted-secrets.ts";
import { defaultAddress } from "./0008-default-address.ts";
import { avatars } from "./0009-avatars.ts";
import { memberships } from "./0010-memberships.ts";
import { profileAndPhone } from "./0011-profile-and-phone.ts";
import { phoneCodes } from "./0012-phone-codes.ts";
import { guests } from "./0013-guests.ts";
import { mailsOfOrders } from "./0014-mails-of-orders.ts";

export const migrations = [
  accounts,
  mailAndTokens,
  signIns,
  rolesAndApiKeys,
  twoFactor,
  userLists,
  encryptedSecrets,
  defaultAddress,
  avatars,
  memberships,
  profileAndPhone,
  phoneCodes,
  guests,
  mailsOfOrders,
];
