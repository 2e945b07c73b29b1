import { sendHttp } from "./http.ts";
import type { Shop } from "./shop.ts";

/** Sends JSON to a route below `/api/v1`. @throws Error unless it is answered with a success */
export type RestClient = <T>(
  method: string,
  path: string,
  body?: object,
  headers?: Readonly<Record<string, string>>,
) => Promise<T>;

/** @param person default: a guest */
export function restClient(shop: Shop, person?: { readonly token: string }): RestClient {
  return async <T>(
    method: string,
    path: string,
    body?: object,
    headers?: Readonly<Record<string, string>>,
  ) => {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const answer = await sendHttp(shop.url, {
      method,
      path: `/api/v1${path}`,
      token: person?.token,
      headers,
      body: sent,
    });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return (answer.body === "" ? undefined : JSON.parse(answer.body)) as T;
  };
}
