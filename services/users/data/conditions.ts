/** SQL condition: `column` refers to a missing account. */
export const hasNoUser = (column: string) => `NOT EXISTS (SELECT u.id FROM users u WHERE u.id = ${column})`;
/** SQL condition: `column` cannot be a SHA-256 in hexadecimal, by its length. */
export const noHash = (column: string) => `LENGTH(${column}) <> 64`;
