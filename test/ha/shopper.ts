import { Agent, request as send } from "node:http";

/** Result of a request. */
export interface Outcome {
  /** 0 without a response; `failure` has the reason. */
  readonly status: number;
  readonly failure?: string;
  readonly body: string;
}

const requestTimeoutMs = 30_000;

/** A client without retries, over keep-alive connections. */
export class HttpClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 200 });
  readonly #host: string;

  constructor(host: string) {
    this.#host = host;
  }

  send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: object,
  ): Promise<Outcome> {
    const bytes = body && JSON.stringify(body);
    return new Promise((resolve) => {
      const fail = (failure: string) => resolve({ status: 0, failure, body: "" });
      const options = {
        host: this.#host,
        port: 80,
        method,
        path,
        agent: this.#agent,
        headers: {
          ...headers,
          ...(bytes === undefined
            ? {}
            : { "content-type": "application/json", "content-length": Buffer.byteLength(bytes) }),
        },
      };
      const request = send(options, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
        response.on("error", (error) => fail(reasonOf(error)));
      });
      request.setTimeout(requestTimeoutMs, () => request.destroy(new Error("no answer in time")));
      request.on("error", (error) => fail(reasonOf(error)));
      request.end(bytes);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

function reasonOf(error: Error & { code?: string }): string {
  return error.code === "ECONNRESET" ? "connection reset" : (error.code ?? error.message);
}

/**
 * Classifies a failure.
 *
 * @returns undefined for a success
 */
export function failureIn({ status, failure, body }: Outcome): string | undefined {
  if (status >= 200 && status < 400) return undefined;
  if (failure) return failure;
  const code = /"type":"\/problems\/([\w-]+)"/.exec(body)?.[1];
  return `${status}${code ? ` ${code}` : ""}`;
}
