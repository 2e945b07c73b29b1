/**
 * All permissions; everything else is denied. Action contracts name the permission they need; gateway and
 * service check it.
 */
export const permissions = {
  "catalog:write": "Create, change and archive categories, products and variants; see drafts",
  "stock:write": "Receive and adjust stock, read stock movements",
  "orders:read": "See everyone's orders",
  "money:write": "For API keys: move money, together with the operation's own permission",
  "orders:write": "Record payments, cancel, ship and take back anyone's orders",
  "users:read": "See accounts",
  "users:write": "Make and change roles, give them to accounts, disable accounts",
  "keys:write": "See, make and revoke API keys, withdraw keys that sign access tokens",
  "audit:read": "Read the audit trail",
  "merchants:write": "Approve, suspend and close merchants; change their profiles, members and terms",
  "settlements:read": "See merchants' ledgers, statements and payouts",
  "settlements:write": "Make payouts to merchants, and adjust their balances",
  "reviews:write": "Moderate reviews, and answer as the merchant",
  "after-sales:write": "Answer requests for after-sale service, and decide disputes",
  "statistics:read": "See statistics",
  "shipping:manage": "Make and change shipping zones and methods",
  "webhooks:read": "See webhooks and their deliveries",
  "webhooks:manage": "Make, change and remove webhooks; what happens in the shop is sent to them",
  "notifications:write": "Write the texts of notifications",
} as const;

export type Permission = keyof typeof permissions;

const everything = Object.keys(permissions) as Permission[];

/** Built-in roles. The users service stores the shop's own roles. */
export const roles = {
  customer: [],
  "stock-keeper": ["stock:write"],
  merchandiser: ["catalog:write", "stock:write"],
  support: ["orders:read", "orders:write", "users:read", "reviews:write", "after-sales:write"],
  auditor: ["audit:read", "orders:read", "settlements:read", "statistics:read"],
  administrator: everything,
} as const satisfies Record<string, readonly Permission[]>;

export type Role = keyof typeof roles;
export const roleNames = Object.keys(roles) as [Role, ...Role[]];

/** Purpose of each role. */
export const roleSummaries = {
  customer: "Buys, and sees what is their own",
  "stock-keeper": "Receives and adjusts stock",
  merchandiser: "Looks after the catalogue and its stock",
  support: "Helps customers with their orders",
  auditor: "Reads the audit trail and orders",
  administrator: "May do everything",
} as const satisfies Record<Role, string>;

/**
 * Roles of a merchant's members. Their permissions hold for that merchant's data only, where an action's access is
 * `merchantOr`.
 */
export const merchantRoles = {
  owner: [
    "catalog:write",
    "stock:write",
    "orders:read",
    "orders:write",
    "merchants:write",
    "settlements:read",
    "reviews:write",
    "after-sales:write",
    "statistics:read",
    "shipping:manage",
  ],
  merchandiser: ["catalog:write", "stock:write"],
  "stock-keeper": ["stock:write"],
  support: ["orders:read", "orders:write", "reviews:write", "after-sales:write"],
  accountant: ["orders:read", "settlements:read", "statistics:read"],
} as const satisfies Record<string, readonly Permission[]>;

export type MerchantRole = keyof typeof merchantRoles;
export const merchantRoleNames = Object.keys(merchantRoles) as [MerchantRole, ...MerchantRole[]];
