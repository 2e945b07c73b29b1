/** A raw response. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export interface HttpRequest {
  readonly method: string;
  /** From the root, with the query. */
  readonly path: string;
  /** An access token or API key; default: a guest. */
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON unless the headers say otherwise. */
  readonly body?: string | Buffer | undefined;
}

/** Sends a raw request, without following redirects. */
export async function sendHttp(
  url: string,
  { method, path, token, headers = {}, body }: HttpRequest,
): Promise<HttpAnswer> {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    redirect: "manual",
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** Last part of a problem's `type`; undefined for another response. */
export function problemIn({ body }: HttpAnswer): string | undefined {
  return /"type":"\/problems\/([\w-]+)"/.exec(body)?.[1];
}
