import { createHmac, timingSafeEqual } from "node:crypto";
import { problem } from "./problem.ts";

const secret = "the floor's own";

/** A signed name, the baseline's session token. */
export function writeToken(customer: string): string {
  return `${customer}.${signatureOf(customer).toString("base64url")}`;
}

export function readToken(authorization: string | undefined): string {
  const [customer = "", signature = ""] = (authorization ?? "").replace(/^Bearer /, "").split(".");
  const given = Buffer.from(signature, "base64url");
  const expected = signatureOf(customer);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw problem(401, "Who is it?");
  return customer;
}

function signatureOf(customer: string): Buffer {
  return createHmac("sha256", secret).update(customer).digest();
}
