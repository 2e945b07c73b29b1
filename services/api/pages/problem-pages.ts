import type { ErrorCode } from "../../../mixins/contract/errors.ts";
import { errorCatalogue, ShopError } from "../../../mixins/contract/errors.ts";
import type { Pages } from "../routing/routes.ts";
import type { Content } from "./send.ts";
import { content, escapeHtml, jsonContent, send, wantsHtml } from "./send.ts";

interface Page {
  readonly html: Content;
  readonly json: Content;
}

/** Pages behind the `type` of each problem: HTML for browsers, JSON for programs. */
export function problemPages(): Pages {
  const codes = Object.keys(errorCatalogue) as ErrorCode[];
  const list: Page = {
    html: htmlPage("Problems", `<dl>${codes.map(listItem).join("")}</dl>`),
    json: jsonContent({ items: codes.map(problemSummary) }),
  };
  const pages = new Map<string, Page>(codes.map((code) => [code, pageOf(code)]));
  return {
    "/problems": (request, response) => {
      send(request, response, wantsHtml(request) ? list.html : list.json, negotiated);
    },
    "/problems/{code}": (request, response, fail) => {
      const page = pages.get(request.$params.params.code ?? "");
      if (page) send(request, response, wantsHtml(request) ? page.html : page.json, negotiated);
      else fail(new ShopError("not-found", "Not found"));
    },
  };
}

const negotiated = { "Cache-Control": "public, max-age=0, must-revalidate", Vary: "Accept" };

function problemSummary(code: ErrorCode) {
  return { type: `/problems/${code}`, ...errorCatalogue[code] };
}

function pageOf(code: ErrorCode): Page {
  const { status, title, meaning } = errorCatalogue[code];
  const html = `<p>${withCode(meaning)}</p><p>HTTP status ${status}, type <code>/problems/${code}</code>.</p>`;
  return {
    html: htmlPage(title, `${html}<p><a href="/problems">All problems</a></p>`),
    json: jsonContent(problemSummary(code)),
  };
}

function listItem(code: ErrorCode): string {
  const { status, title, meaning } = errorCatalogue[code];
  return `<dt><a href="/problems/${code}">${code}</a> (${status}): ${escapeHtml(title)}</dt><dd>${withCode(meaning)}</dd>`;
}

function htmlPage(title: string, body: string): Content {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title>`;
  const text = `<!doctype html><html lang="en"><head>${head}</head><body><h1>${escapeHtml(title)}</h1>${body}</body></html>`;
  return content("text/html; charset=utf-8", text);
}

function withCode(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}
