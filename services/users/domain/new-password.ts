import { ShopError } from "../../../mixins/contract/errors.ts";
import { isCommonPassword } from "../common-passwords.ts";

/** Minimum length of a password's remainder without words that are easy to guess about its owner. */
const minRestLength = 8;
/** The shop's name if none is set. */
const product = "shopserver";

/** Owner of the password, and the shop. */
export interface PasswordOwner {
  readonly email: string;
  readonly name: string;
  /** The shop's name. */
  readonly shop: string;
}

/**
 * Rejects passwords that attackers try first (NIST SP 800-63B, 5.1.1.2): common ones, and those that consist
 * of the owner's address or name or the shop's name and too little else.
 *
 * @throws ShopError `validation-failed` with `common-password` or `own-words`
 */
export function assertUncommonPassword(password: string, about: PasswordOwner): void {
  if (isCommonPassword(password))
    throw invalidPassword("common-password", "is a common password, which attackers try first");
  const normalized = plain(password);
  const rest = personalWords(about).reduce((left, word) => left.replaceAll(word, ""), normalized);
  if (rest !== normalized && (rest.length < minRestLength || isCommonPassword(rest)))
    throw invalidPassword("own-words", "is made of your address, your name or the shop's name");
}

/** Longest first, so that a shorter word within it does not split it. */
function personalWords({ email, name, shop }: PasswordOwner): string[] {
  const [local = "", domain = ""] = plain(email).split("@");
  const wholes = [plain(email), local, domain, plain(name), plain(shop), product];
  const parts = [...local.split(/[^\p{L}\p{N}]+/u), ...plain(name).split(/[^\p{L}\p{N}]+/u)];
  const words = new Set([
    ...wholes,
    ...wholes.map((whole) => whole.replaceAll(/[^\p{L}\p{N}]+/gu, "")),
    ...parts,
  ]);
  return [...words].filter((word) => word.length > 2).sort((one, other) => other.length - one.length);
}

function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

function invalidPassword(code: string, message: string): ShopError {
  return new ShopError("validation-failed", undefined, { errors: [{ path: "password", code, message }] });
}

/** @param path the field with the account's password */
export function wrongPassword(path: string): ShopError {
  const errors = [{ path, code: "wrong-password", message: "is not the account's password" }];
  return new ShopError("validation-failed", undefined, { errors });
}
