import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Trade } from "./stand-in-trades.ts";

const maxBodyBytes = 256 * 1024;
const noticeTries = 5;
const noticeTimeoutMs = 5000;
const noticePauseMs = 300;

export interface StandInRequest {
  readonly method: string;
  /** Below the stand-in's own base path, without the query. */
  readonly path: string;
  /** With the base path and the query, as it is signed. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface StandInResponse {
  readonly status: number;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A webhook of a stand-in. */
export interface StandInNotice {
  readonly body: string;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A stand-in of a payment provider that speaks its wire format. */
export interface StandIn {
  /** First segment of its paths. */
  readonly name: string;
  /** Base URL without a trailing slash; set once its server listens. */
  url: string;
  answer(request: StandInRequest): StandInResponse | Promise<StandInResponse>;
}

export interface RunningStandIn {
  /** Base URL of the server, without a trailing slash and without the stand-in's name. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves stand-ins on an address, each below its name. */
export async function serveStandIns(
  standIns: readonly StandIn[],
  { host = "127.0.0.1", port = 0 }: { readonly host?: string; readonly port?: number } = {},
): Promise<RunningStandIn> {
  const server: Server = createServer((request, response) => {
    answer(standIns, request, response).catch((error: unknown) => {
      process.stderr.write(`stand-in: ${error instanceof Error ? error.message : String(error)}\n`);
      if (!response.headersSent) response.writeHead(500).end();
    });
  });
  await once(server.listen(port, host), "listening");
  const shown = host === "0.0.0.0" ? "localhost" : host;
  const url = `http://${shown}:${(server.address() as AddressInfo).port}`;
  for (const standIn of standIns) standIn.url = `${url}/${standIn.name}`;
  return {
    url,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function answer(
  standIns: readonly StandIn[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { url: target = "/", method = "GET" } = request;
  const { pathname, searchParams: query } = new URL(target, "http://stand-in");
  const [, name = "", ...rest] = pathname.split("/");
  const standIn = standIns.find((one) => one.name === name);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new Error("the body is too large");
    chunks.push(chunk);
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([header, value]) => [header, String(value)]),
  );
  const made: StandInResponse = standIn
    ? await standIn.answer({
        method,
        path: `/${rest.join("/")}`,
        target,
        query,
        headers,
        body: Buffer.concat(chunks).toString("utf8"),
      })
    : { status: 404, body: "Not found\n" };
  response
    .writeHead(made.status, { "content-type": made.contentType ?? "text/plain", ...made.headers })
    .end(made.body);
}

/** Sends a notice until the shop acknowledges it. */
export async function sendNotice(
  url: string,
  { body, contentType, headers }: StandInNotice,
  isAcknowledged: (status: number, text: string) => boolean,
): Promise<void> {
  for (let tries = 1; tries <= noticeTries; tries += 1) {
    const isDone = await fetch(url, {
      method: "POST",
      headers: { "content-type": contentType, ...headers },
      body,
      signal: AbortSignal.timeout(noticeTimeoutMs),
    }).then(
      async (response) => isAcknowledged(response.status, await response.text()),
      () => false,
    );
    if (isDone) return;
    await new Promise((resolve) => setTimeout(resolve, noticePauseMs * 2 ** tries).unref());
  }
}

/** The page on which a customer pays; it works without scripts. */
export function tradePage(
  title: string,
  { amount, currency, subject, status }: Trade,
  action: string,
): string {
  const worth = `${(amount / 100).toFixed(2)} ${currency}`;
  const choice =
    status === "paid"
      ? "<p>It is paid. You can close this page.</p>"
      : status === "closed"
        ? "<p>It is closed and cannot be paid any more. You can close this page.</p>"
        : `<form method="post" action="${action}"><button>Pay ${worth}</button></form>`;
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>body { font: 1rem/1.5 system-ui; max-width: 30rem; margin: 3rem auto; padding: 0 1rem } button { font: inherit; padding: .5rem 1rem }</style>
<h1>${title}</h1>
<p>No money moves here. ${escaped(subject)}: <strong>${worth}</strong></p>
${choice}
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
