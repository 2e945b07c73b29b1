import { readFileSync } from "node:fs";

const file = new URL("common-passwords/list.txt", import.meta.url);
/** A short sequence repeated; published lists omit such passwords. */
const repetition = /^(.{1,4}?)\1+.?$/u;
let list: string | undefined;

/**
 * Tests a password against a list of 18,000 common ones, ignoring case. The list is loaded on first use and
 * kept as one text of 170 kB; the search takes less than a thousandth of the hash that follows.
 */
export function isCommonPassword(password: string): boolean {
  const plain = password.normalize("NFKC").toLowerCase();
  list ??= `\n${readFileSync(file, "utf8")}`;
  return repetition.test(plain) || (!plain.includes("\n") && list.includes(`\n${plain}\n`));
}
