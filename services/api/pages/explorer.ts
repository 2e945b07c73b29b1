import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AliasHandler } from "../routing/moleculer-web.ts";
import { pathOf } from "../response/problems.ts";
import type { Pages } from "../routing/routes.ts";
import type { Content } from "./send.ts";
import { content, lazy, redirect, send } from "./send.ts";

/** Only the explorer's own scripts run; Swagger UI needs inline styles and images. */
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
const cachedForOneDay = { "Cache-Control": "public, max-age=86400" };

const swaggerFile = createRequire(import.meta.url).resolve;

/** API explorer at `/docs/`: Swagger UI with a custom index page. */
export function explorerPages(): Pages {
  const index = ownFile("index.html", "text/html; charset=utf-8");
  return {
    "/docs": (request, response) => {
      // Links of the page are relative to the trailing slash.
      if (pathOf(request) === "/docs/") send(request, response, index(), headers);
      else redirect(response, "/docs/");
    },
    "/docs/explorer.js": file(ownFile("explorer.js", "text/javascript; charset=utf-8"), headers),
    "/docs/explorer.css": file(ownFile("explorer.css", "text/css; charset=utf-8"), headers),
    "/docs/swagger-ui.css": file(libraryFile("swagger-ui.css", "text/css; charset=utf-8"), cachedForOneDay),
    "/docs/swagger-ui-bundle.js": {
      limit: "expensive",
      handler: file(libraryFile("swagger-ui-bundle.js", "text/javascript; charset=utf-8"), cachedForOneDay),
    },
    "/docs/favicon-32x32.png": file(libraryFile("favicon-32x32.png", "image/png"), cachedForOneDay),
  };
}

function file(read: () => Content, fileHeaders: Readonly<Record<string, string>>): AliasHandler {
  return (request, response) => send(request, response, read(), fileHeaders);
}

function ownFile(name: string, type: string): () => Content {
  return lazy(() => content(type, readFileSync(new URL(`../explorer/${name}`, import.meta.url))));
}

function libraryFile(name: string, type: string): () => Content {
  return lazy(() => content(type, readFileSync(swaggerFile(`swagger-ui-dist/${name}`))));
}
