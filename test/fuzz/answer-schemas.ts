import type { ValidateFunction } from "ajv/dist/2020.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { ApiDocument, Operation } from "./operations.ts";

/** Validates bodies against the document's schemas, like a generated client. */
export class DocumentedSchemas {
  readonly #answers = new Ajv2020({ strict: false });
  /** Formats are assertions of responses only; of requests, the pattern decides. */
  readonly #requests = new Ajv2020({ strict: false, validateFormats: false });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: ApiDocument) {
    formats.default(this.#answers);
    for (const ajv of [this.#answers, this.#requests]) ajv.addSchema(document, "api");
  }

  /** Number of schemas that were used. */
  get used(): number {
    return this.#compiled.size;
  }

  /** Deviation of a response's body from the description; undefined without one. */
  faultOfAnswer(
    { path, method }: Operation,
    status: number,
    mediaType: string,
    body: unknown,
  ): string | undefined {
    return this.#fault(
      this.#answers,
      ["paths", path, method.toLowerCase(), "responses", String(status), "content", mediaType, "schema"],
      body,
    );
  }

  /** The same for a request's body. */
  faultOfRequest({ path, method }: Operation, body: unknown): string | undefined {
    return this.#fault(
      this.#requests,
      ["paths", path, method.toLowerCase(), "requestBody", "content", "application/json", "schema"],
      body,
    );
  }

  #fault(ajv: Ajv2020, place: readonly string[], value: unknown): string | undefined {
    const pointer = `api#/${place.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")}`;
    let validate = this.#compiled.get(pointer);
    if (!validate) {
      validate = ajv.compile({ $ref: pointer });
      this.#compiled.set(pointer, validate);
    }
    return validate(value) ? undefined : ajv.errorsText(validate.errors, { dataVar: "body" });
  }
}
