import { newId } from "../../services/contract/ids.ts";
import type { Permission } from "../../services/contract/permissions.ts";
import { sendHttp } from "./http.ts";
import type { Shop } from "./shop.ts";

/** The one that the description of the API gives as an example. */
export const passwordOfAll = "correct horse battery staple";

/** Someone with an account, as far as a client knows it. */
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

/** Opens an account over REST and logs in; another role than a customer's is given by the operator. */
export async function newPerson(shop: Shop, role = "customer"): Promise<Person> {
  const email = `${newId()}@example.org`;
  const opened = await post(shop, "/auth/register", { email, password: passwordOfAll, name: "Ada" });
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
  const answer = await post(shop, "/auth/login", { email, password: passwordOfAll });
  const { accessToken: token, refreshToken, user } = JSON.parse(answer.body) as Tokens;
  if (token === undefined) throw new Error(`${email} cannot log in: ${answer.body}`);
  return { userId: user.id, email, token, refreshToken };
}

/** @param as who makes it, and may do what it is for */
export async function newApiKey(shop: Shop, as: Person, permissions: readonly Permission[]): Promise<{ id: string; key: string }> {
  const answer = await post(shop, "/api-keys", { name: "a machine", permissions }, as.token);
  if (answer.status !== 201) throw new Error(`no key: ${answer.body}`);
  return JSON.parse(answer.body) as { id: string; key: string };
}

function post(shop: Shop, path: string, body: object, token?: string) {
  return sendHttp(shop.url, { method: "POST", path: `/api/v1${path}`, token, body: JSON.stringify(body) });
}
