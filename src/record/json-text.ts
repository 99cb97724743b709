const needsEscape = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A JSON string literal; lone surrogates stay escapes, so they survive UTF-8. */
export function quote(text: string): string {
  return needsEscape.test(text) ? JSON.stringify(text) : `"${text}"`;
}
