import { caseErrors } from "./case-errors.ts";
import { defineErrors } from "./define.ts";

export const suiteErrors = { ...caseErrors, ...defineErrors({}) };
