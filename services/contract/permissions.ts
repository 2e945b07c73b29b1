/**
 * What staff can be allowed to do, and which roles are allowed it. Nothing is allowed that is not named here.
 * An action's contract names the permission it needs; the gateway and the service both check it.
 */
export const permissions = {
  "catalog:write": "Create, change and archive categories, products and variants; see drafts",
  "stock:write": "Receive and adjust stock, read stock movements",
  "orders:read": "See everyone's orders",
  "orders:write": "Record payments, cancel, ship and take back anyone's orders",
  "users:read": "See accounts",
  "users:write": "Make and change roles, give them to accounts, disable accounts",
  "keys:write": "See, make and revoke API keys, withdraw keys that sign access tokens",
  "audit:read": "Read the audit trail",
} as const;

export type Permission = keyof typeof permissions;

const everything = Object.keys(permissions) as Permission[];

/** The roles that come with the shop. It can have more of its own, which the users service keeps. */
export const roles = {
  customer: [],
  "stock-keeper": ["stock:write"],
  merchandiser: ["catalog:write", "stock:write"],
  support: ["orders:read", "orders:write", "users:read"],
  auditor: ["audit:read", "orders:read"],
  administrator: everything,
} as const satisfies Record<string, readonly Permission[]>;

export type Role = keyof typeof roles;
export const roleNames = Object.keys(roles) as [Role, ...Role[]];

/** What each of them is for. */
export const roleSummaries = {
  customer: "Buys, and sees what is their own",
  "stock-keeper": "Receives and adjusts stock",
  merchandiser: "Looks after the catalogue and its stock",
  support: "Helps customers with their orders",
  auditor: "Reads the audit trail and orders",
  administrator: "May do everything",
} as const satisfies Record<Role, string>;
