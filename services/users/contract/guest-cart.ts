import { z } from "zod";
import { id } from "../../../mixins/contract/ids.ts";

/** A guest's cart to merge into the customer's own at login. */
export const guestCart = z.strictObject({ id, token: z.string().min(1).max(100) }).optional();
