/** The codes of warnings, which are told with their count at the end of a run. */
export const warnings: Readonly<Record<string, string>> = {
  "answers-capped":
    "The suite asks more than 100,000 different records, or more than 64 MB of them; the answers of the rest are not kept as reference answers.",
  "answers-sensitive":
    "Inputs hold sensitive fields, so their answers are not kept as reference answers. With a key in `TALLY_SENSITIVE_KEY` they are, as keyed hashes.",
  "bare-tokens":
    "Answers hold NaN or Infinity without quotes, which JSON does not have. They are read as numbers; `--strict-json` refuses them.",
  "byte-order-mark": "Answers begin with a byte order mark, which JSON must not have. It is left out.",
  "case-untyped": "See [case-untyped](#case-untyped).",
  "extra-bytes": "Bytes came after the end of an answer; the connection was closed and the answer counts.",
  "extra-field":
    'An operation answers a field that the contract does not declare. With `extra = "error"` in the contract it is a mismatch.',
  normalized: "A field agreed only after the normalising that the contract asks for.",
  only: "A test has `.only`, so that others of its file did not run. Where `CI` is set: [suite-only](#suite-only).",
  "other-version": "The project has another version of `tallyml` than the Tally that runs; the running one is used.",
  "pickled-elsewhere":
    "The connector loads a model that another version of scikit-learn has pickled. It may answer otherwise than where it was trained, or not at all. Loading a pickle runs the code in it, in whatever version.",
  "pytest-not-carried":
    "The suite has pytest files and was packed without Python, so they were not run. `tally pack --python` brings it.",
  retried: "Calls were sent again because the connection ended before anything was answered. The answers count.",
};
