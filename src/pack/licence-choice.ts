/** What a package says of its licence → what CycloneDX says of it: an identifier of SPDX, an expression of them, or words. */
import { exceptionIds, licenceIds } from "./spdx-list.ts";

/** Keys of a component: none where nothing is said. */
export function licencesOf(stated: string | undefined): { readonly licenses?: readonly object[] } {
  const text = stated?.trim() ?? "";
  if (text === "") return {};
  if (licenceIds.has(text)) return { licenses: [{ license: { id: text } }] };
  return { licenses: [isExpression(text) ? { expression: text } : { license: { name: text } }] };
}

/** Whether it is one as SPDX writes them: identifiers of its list, or references, with AND, OR, WITH and brackets. */
function isExpression(text: string): boolean {
  const words = text.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const next = (word: string): boolean => words[at] === word && ++at > 0;
  const several = (operator: string, one: () => boolean): boolean => {
    do if (!one()) return false;
    while (next(operator));
    return true;
  };
  const either = (): boolean => several("OR", () => several("AND", single));
  const single = (): boolean => {
    if (next("(")) return either() && next(")");
    const id = words[at++] ?? "";
    if (!licenceIds.has(id.replace(/\+$/, "")) && !/^(?:DocumentRef-[\w.-]+:)?LicenseRef-[\w.-]+$/.test(id))
      return false;
    return !next("WITH") || exceptionIds.has(words[at++] ?? "");
  };
  return either() && at === words.length;
}
