import { ShopError } from "../../contract/errors.ts";
import { isCommonPassword } from "./passwords.ts";

/** @throws ShopError `validation-failed` for a password that attackers try first */
export function demandUncommon(password: string): void {
  if (!isCommonPassword(password)) return;
  const message = "is one of the passwords that attackers try first";
  throw new ShopError("validation-failed", undefined, {
    errors: [{ path: "password", code: "common-password", message }],
  });
}

/** @param path the field that has the account's password */
export function wrongPassword(path: string): ShopError {
  const errors = [{ path, code: "wrong-password", message: "is not the account's password" }];
  return new ShopError("validation-failed", undefined, { errors });
}
