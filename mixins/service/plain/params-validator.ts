import type { Context } from "moleculer";
import moleculer from "moleculer";
import { z } from "zod";
import { isShopError } from "../../contract/errors.ts";
import { checkParams } from "../../contract/validate.ts";

/** Zod params, wrapped in a function because that survives the deep clone when Moleculer merges mixins. */
interface CarriedSchema {
  readonly $$zod: () => z.core.$ZodType;
}

type Check = (
  params: unknown,
  options?: { readonly meta?: Context },
) => true | object[] | Promise<true | object[]>;

/**
 * The broker's validator. Plain services declare `params` for fastest-validator or in Zod. Actions with a
 * contract declare none here: the action runtime checks them.
 */
export class ParamsValidator extends moleculer.Validators.Fastest {
  override compile(schema: Record<string, unknown>) {
    const zod = zodSchemaOf(schema);
    return (zod ? checkerOf(zod) : super.compile(schema)) as ReturnType<
      moleculer.Validators.Fastest["compile"]
    >;
  }

  override validate(params: Record<string, unknown>, schema: Record<string, unknown>): boolean {
    const zod = zodSchemaOf(schema);
    if (!zod) return super.validate(params, schema);
    checkParams(zod, params);
    return true;
  }
}

export function carried(schema: z.core.$ZodType): CarriedSchema {
  return { $$zod: () => schema };
}

/** @returns undefined for fastest-validator params */
export function zodSchemaOf(params: object): z.core.$ZodType | undefined {
  if (params instanceof z.core.$ZodType) return params;
  return "$$zod" in params && typeof params.$$zod === "function"
    ? (params as CarriedSchema).$$zod()
    : undefined;
}

/** Passes the parsed params to the handler and reports faults in fastest-validator's form. */
function checkerOf(schema: z.core.$ZodType): Check {
  return (params, { meta: ctx } = {}) => {
    try {
      const parsed = checkParams(schema, params);
      if (ctx) ctx.params = parsed;
      return true;
    } catch (error) {
      if (!isShopError(error, "validation-failed")) throw error;
      return (error.data.errors ?? []).map(({ path, code, message }) => ({
        field: path,
        type: code,
        message,
      }));
    }
  };
}
