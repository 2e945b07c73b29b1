/** Staff of the mall. */
export const staff = { permission: "merchants:write" } as const;

/** The same, and for their own merchant its owners. */
export const owners = { merchantOr: "merchants:write" } as const;

/** Maximum age of public responses; changes invalidate them earlier, counts do not. */
export const cache = { maxAgeMs: 1000 } as const;

export const headers = { expectedVersion: "If-Match" };
