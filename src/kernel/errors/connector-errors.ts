import { defineErrors } from "./define.ts";

export const connectorErrors = defineErrors({});
