import { newId } from "../../mixins/contract/ids.ts";
import type { Permission } from "../../mixins/contract/permissions.ts";
import { sendHttp } from "./http.ts";
import type { Shop } from "./shop.ts";

/** The example password of the API description. */
export const testPassword = "correct horse battery staple";

/** A person with an account, as known to a client. */
export interface Person {
  readonly userId: string;
  readonly email: string;
  /** The access token. */
  readonly token: string;
  readonly refreshToken: string;
}

interface Tokens {
  readonly accessToken?: string;
  readonly refreshToken: string;
  readonly user: { readonly id: string; readonly version: number };
}

/** Registers an account over REST and logs in; an operator assigns roles other than customer. */
export async function newPerson(shop: Shop, role = "customer"): Promise<Person> {
  const email = `${newId()}@example.org`;
  const opened = await post(shop, "/auth/register", { email, password: testPassword, name: "Ada" });
  if (opened.status !== 202) throw new Error(`no account: ${opened.status} ${opened.body}`);
  if (role !== "customer") {
    const { items } = await shop.call("users.list", { email });
    const [user] = items;
    if (!user) throw new Error("an account that was opened is not there");
    await shop.call("users.update", { id: user.id, role, expectedVersion: user.version });
  }
  return logIn(shop, email);
}

/** Another session of an account. */
export async function logIn(shop: Shop, email: string): Promise<Person> {
  const answer = await post(shop, "/auth/login", { email, password: testPassword });
  const { accessToken: token, refreshToken, user } = JSON.parse(answer.body) as Tokens;
  if (token === undefined) throw new Error(`${email} cannot log in: ${answer.body}`);
  return { userId: user.id, email, token, refreshToken };
}

/** @param as the creator, with the key's permissions */
export async function newApiKey(
  shop: Shop,
  as: Person,
  permissions: readonly Permission[],
): Promise<{ id: string; key: string }> {
  const answer = await post(shop, "/api-keys", { name: "a machine", permissions }, as.token);
  if (answer.status !== 201) throw new Error(`no key: ${answer.body}`);
  return JSON.parse(answer.body) as { id: string; key: string };
}

function post(shop: Shop, path: string, body: object, token?: string) {
  return sendHttp(shop.url, { method: "POST", path: `/api/v1${path}`, token, body: JSON.stringify(body) });
}
