/** The codes of warnings, which are told with their count at the end of a run. */
export const warnings: Readonly<Record<string, string>> = {
  "answers-capped":
    "The suite asks more than 100,000 different records; the answers of the rest are not kept as reference answers.",
  "bare-tokens":
    "Answers hold NaN or Infinity without quotes, which JSON does not have. They are read as numbers; `--strict-json` refuses them.",
  "byte-order-mark": "Answers begin with a byte order mark, which JSON must not have. It is left out.",
  "case-untyped": "See [case-untyped](#case-untyped).",
  "extra-bytes": "Bytes came after the end of an answer; the connection was closed and the answer counts.",
  "extra-field":
    'An operation answers a field that the contract does not declare. With `extra = "error"` in the contract it is a mismatch.',
  normalized: "A field agreed only after the normalising that the contract asks for.",
  "other-version": "The project has another version of `tallyml` than the Tally that runs; the running one is used.",
};
