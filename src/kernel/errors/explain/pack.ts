import type { packErrors } from "../pack-errors.ts";
import type { Explanations } from "./explanation.ts";

export const packExplanations: Explanations<keyof typeof packErrors> = {
  "pack-exists": {
    example: { path: "sqli-ml-test-1.0.0.tgz" },
    when: "`tally pack` found a file where it would write, and the file has other bytes. The same bytes are left as they are.",
  },
  "pack-secret": {
    example: { files: [{ path: "tests/.env", why: "a file of environment variables" }] },
    when: "A file of the suite has the name or the form of a secret: `.env`, private keys, tokens of well-known services. Test files, and what they import, are delivered as they are.",
  },
  "pack-large": {
    example: { files: [{ path: "cases/orders.jsonl", bytes: 80_000_000 }], limit: 32 * 1024 * 1024 },
    when: "A file of the suite is larger than `--max-file` allows (32 MiB). Whoever runs the suite downloads it each time.",
  },
  "pack-pytest": {
    example: { files: ["tests/test_text.py"] },
    when: "`[suite] pytest` names tests that need a Python with pytest, which the packed suite does not bring.",
  },
  "connector-not-carried": {
    example: { address: "py:connector.py" },
    when: "A delivered suite was run against `py:` or `node:`. It holds what runs tests, not what runs connectors.",
  },
  "out-mounted": {
    example: { path: "/out", owner: "0:0", user: "65532:65532" },
    when: "A folder was mounted for the reports, and the user of the container cannot write to it. It is said before anything is run.",
  },
};
