/** Permission of staff who edit the catalogue. */
export const write = { permission: "catalog:write" } as const;

/** The same, and for their merchant's products its members with the permission. */
export const sellers = { merchantOr: "catalog:write" } as const;

/** Maximum age of public responses; changes by staff invalidate them earlier, changes of stock do not. */
export const cache = { maxAgeMs: 1000 } as const;

export const headers = { expectedVersion: "If-Match" };
