import type { z } from "zod";
import { toTimestamp } from "../contract/fields.ts";
import type { image, imageDetails, imageSummary } from "./contract.ts";
import type { Preset } from "./presets.ts";
import { renditionPath } from "./presets.ts";
import type { StoredImage } from "../contract/stored-image.ts";
import type { Locales } from "../locales/locales.ts";
import type { Image } from "./image.ts";

interface Options {
  readonly service: string;
  /** See `MediaConfig`. */
  readonly baseUrl: string;
  readonly locales: Locales;
}

/** Shows images to clients: with the URLs of their renditions, and their text in one language. */
export class ImagePresenter {
  readonly #options: Options;
  readonly #base: string;
  readonly #locale: string | undefined;

  /** @param locale undefined for the default */
  constructor(options: Options, locale?: string) {
    this.#options = options;
    this.#base = `${options.baseUrl}/media/`;
    this.#locale = locale;
  }

  /** The same in another language. */
  in(locale: string | undefined): ImagePresenter {
    return locale === this.#locale ? this : new ImagePresenter(this.#options, locale);
  }

  image({ id, width, height, alt, focalPoint, hash }: StoredImage): z.output<typeof image> {
    return {
      id,
      width,
      height,
      alt: this.#options.locales.text(alt, this.#locale),
      focalPoint: focalPoint && { ...focalPoint },
      urls: {
        thumb: this.#urls(hash, "thumb"),
        card: this.#urls(hash, "card"),
        detail: this.#urls(hash, "detail"),
        zoom: this.#urls(hash, "zoom"),
        share: this.#urls(hash, "share"),
      },
    };
  }

  /** For lists. */
  summary({ alt, focalPoint, hash }: StoredImage): z.output<typeof imageSummary> {
    return {
      alt: this.#options.locales.text(alt, this.#locale),
      focalPoint: focalPoint && { ...focalPoint },
      urls: { thumb: this.#urls(hash, "thumb"), card: this.#urls(hash, "card") },
    };
  }

  /** For those who manage an owner's images. */
  details(found: Image, position: number): z.output<typeof imageDetails> {
    const { urls, ...same } = this.image(found);
    return {
      ...same,
      alt: { ...found.alt },
      position,
      state: found.state,
      fault: found.fault,
      urls: found.state === "ready" ? urls : null,
      version: found.version,
      createdAt: toTimestamp(found.createdAt),
      updatedAt: toTimestamp(found.updatedAt),
    };
  }

  #urls(hash: string, preset: Preset) {
    const url = (ending: "webp" | "jpg") =>
      this.#base + renditionPath(this.#options.service, hash, preset, ending);
    return { webp: url("webp"), jpeg: url("jpg") };
  }
}
