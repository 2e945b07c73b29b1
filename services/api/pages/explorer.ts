import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AliasHandler } from "../moleculer-web.ts";
import { pathOf } from "../problems.ts";
import type { Pages } from "../routes.ts";
import type { Content } from "./send.ts";
import { content, onDemand, redirect, send } from "./send.ts";

/** The explorer runs its own scripts only; Swagger UI sets styles and images inline. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const headers = {
  "Cache-Control": "public, max-age=0, must-revalidate",
  "Content-Security-Policy": contentSecurityPolicy,
};
const dayLong = { "Cache-Control": "public, max-age=86400" };

const swaggerFile = createRequire(import.meta.url).resolve;

/** The explorer at `/docs/`: Swagger UI, where every call can be tried, with an entrance of the shop's own. */
export function explorerPages(): Pages {
  const index = ownFile("index.html", "text/html; charset=utf-8");
  return {
    "/docs": (request, response) => {
      // The page's links are relative to the slash.
      if (pathOf(request) === "/docs/") send(request, response, index(), headers);
      else redirect(response, "/docs/");
    },
    "/docs/explorer.js": file(ownFile("explorer.js", "text/javascript; charset=utf-8"), headers),
    "/docs/explorer.css": file(ownFile("explorer.css", "text/css; charset=utf-8"), headers),
    "/docs/swagger-ui.css": file(libraryFile("swagger-ui.css", "text/css; charset=utf-8"), dayLong),
    "/docs/swagger-ui-bundle.js": file(libraryFile("swagger-ui-bundle.js", "text/javascript; charset=utf-8"), dayLong),
    "/docs/favicon-32x32.png": file(libraryFile("favicon-32x32.png", "image/png"), dayLong),
  };
}

function file(read: () => Content, fileHeaders: Readonly<Record<string, string>>): AliasHandler {
  return (request, response) => send(request, response, read(), fileHeaders);
}

function ownFile(name: string, type: string): () => Content {
  return onDemand(() => content(type, readFileSync(new URL(`../explorer/${name}`, import.meta.url))));
}

function libraryFile(name: string, type: string): () => Content {
  return onDemand(() => content(type, readFileSync(swaggerFile(`swagger-ui-dist/${name}`))));
}
