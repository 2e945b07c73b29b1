import type { z } from "zod";
import type { KeyCaller, TrustedCaller, UserCaller } from "../contract/caller.ts";
import { actorOf } from "../contract/caller.ts";
import type { ShopError } from "../contract/errors.ts";
import type { Task } from "../contract/tasks.ts";
import type { imageDetails } from "./contract.ts";
import type { Images, ImageChanges, PicturedThing } from "./images.ts";
import type { ImagePresenter } from "./present-image.ts";

type Details = z.output<typeof imageDetails>;

/** The parts of an action's context that these handlers read. */
interface Context<P> {
  readonly params: P;
  readonly caller: UserCaller | KeyCaller | TrustedCaller;
  readonly requestId: string;
  readonly body: AsyncIterable<Uint8Array>;
  readonly fail: (code: "unavailable", detail?: string) => ShopError;
}

/** What a service with images has among its dependencies. */
export interface ImageServices {
  readonly images: Images;
  readonly imagePresenter: ImagePresenter;
}

interface Handler<N extends string, P, R> {
  readonly name: N;
  readonly handle: (context: Context<P>, dependencies: ImageServices) => Promise<R>;
}

type ImageCaller = Context<unknown>["caller"];
type One = { readonly id: string };
type OfOwner = One & { readonly ownerId: string };

/**
 * Handlers for the actions that `imageActions` declares, for a service's list: `...imageHandlers(
 * "catalog.products", "product")`.
 *
 * @param prefix the service's name and the name given to `imageActions`
 * @param kind of the declared `PicturedKind`
 * @param among merchants whose things the caller may change, where the access is `merchantOr`
 */
export function imageHandlers<const N extends string>(
  prefix: N,
  kind: string,
  among: (caller: ImageCaller) => readonly string[] | undefined = () => undefined,
) {
  const list: Handler<`${N}.images.list`, One, { items: Details[] }> = {
    name: `${prefix}.images.list`,
    async handle({ params, caller }, { images, imagePresenter }) {
      const found = await images.list({ kind, id: params.id, among: among(caller) });
      return { items: found.map((image, position) => imagePresenter.details(image, position)) };
    },
  };
  const add: Handler<`${N}.images.add`, One, { image: Details; task: Task }> = {
    name: `${prefix}.images.add`,
    handle: (context, dependencies) =>
      addImage({ kind, id: context.params.id, among: among(context.caller) }, context, dependencies),
  };
  const update: Handler<`${N}.images.update`, OfOwner & ImageChanges, Details> = {
    name: `${prefix}.images.update`,
    async handle({ params: { ownerId, id, ...changes }, caller, requestId }, { images, imagePresenter }) {
      const origin = { actor: actorOf(caller), requestId };
      const [image, position] = await images.update(
        { kind, id: ownerId, among: among(caller) },
        id,
        changes,
        origin,
      );
      return imagePresenter.details(image, position);
    },
  };
  const remove: Handler<`${N}.images.remove`, OfOwner, null> = {
    name: `${prefix}.images.remove`,
    async handle({ params: { ownerId, id }, caller, requestId }, { images }) {
      await images.remove({ kind, id: ownerId, among: among(caller) }, id, {
        actor: actorOf(caller),
        requestId,
      });
      return null;
    },
  };
  return [list, add, update, remove] as const;
}

/** Adds the request's body as an image of a thing, for an action that `uploadRoute` routes. */
export async function addImage(
  thing: PicturedThing,
  { caller, requestId, body, fail }: Context<unknown>,
  { images, imagePresenter }: ImageServices,
): Promise<{ image: Details; task: Task }> {
  using slot = images.uploads.tryAcquire();
  if (!slot) throw fail("unavailable", "Too many concurrent uploads");
  const { image, position, task } = await images.add(thing, body, { actor: actorOf(caller), requestId });
  return { image: imagePresenter.details(image, position), task };
}
