import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { ShopError } from "../../../mixins/contract/errors.ts";
import type { MediaStore } from "../../../mixins/media/media-store.ts";
import { immutable, publicKey } from "../../../mixins/media/media-store.ts";
import { typeOfRendition } from "../../../mixins/media/presets.ts";
import { matchesIfNoneMatch } from "../response/respond.ts";
import type { GatewayRequest } from "../routing/moleculer-web.ts";
import type { Page } from "../routing/routes.ts";

/** Renditions of images, streamed from the store, where no web server serves them before. */
export function mediaPage(store: Pick<MediaStore, "open">): Page {
  return {
    limit: "reads",
    streams: true,
    handler: (request, response, fail) => {
      sendRendition(request, response, store).catch(fail);
    },
  };
}

/** @throws ShopError `not-found` */
async function sendRendition(
  request: GatewayRequest,
  response: ServerResponse,
  store: Pick<MediaStore, "open">,
): Promise<void> {
  const { service = "", folder = "", file = "" } = request.$params.params;
  const path = `${service}/${folder}/${file}`;
  const type = typeOfRendition(path);
  if (type === undefined) throw new ShopError("not-found", "Not found");
  // The name contains the hash of the content.
  const headers = { "Cache-Control": immutable, ETag: `"${file}"` };
  if (matchesIfNoneMatch(request, headers.ETag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const opened = await store.open(publicKey(path));
  if (!opened) throw new ShopError("not-found", "Not found");
  response.writeHead(200, { ...headers, "Content-Type": type, "Content-Length": opened.bytes });
  if (request.method === "HEAD") {
    opened.stream.destroy();
    response.end();
    return;
  }
  // A client that goes away, or a store that fails, closes the connection before the end.
  await pipeline(opened.stream, response).catch(() => undefined);
}
