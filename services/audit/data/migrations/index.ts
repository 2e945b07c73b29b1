import { auditTrail } from "./0001-audit-trail.ts";

export const migrations = [auditTrail];
