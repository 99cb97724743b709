import type { certificateErrors } from "../certificate-errors.ts";
import type { Explanations } from "./explanation.ts";

/** When the errors of certificates happen. */
export const certificateExplanations: Explanations<keyof typeof certificateErrors> = {
  "endpoint-ca": {
    example: { path: "authority.pem", reason: "there is no such file" },
    when: "`--ca` names a file that is not there or holds no certificate.",
  },
  "endpoint-client-cert": {
    example: { path: "our.key", reason: "it is not the key of our.pem" },
    when: "`--client-cert` or `--client-key` names a file that is not there, holds something else, is locked by a passphrase, or belongs to another certificate; or one of the two is missing.",
  },
  "endpoint-certificate": {
    example: { url: "https://model.example/process", reason: "it has expired" },
    when: "The endpoint's TLS certificate is not trusted here, is out of date, or is for another host.",
  },
  "endpoint-wants-certificate": {
    example: { url: "https://model.example/process", reason: "certificate required", given: false },
    when: "The endpoint's server asks its clients for a certificate (mutual TLS), and got none, or one that it does not accept.",
  },
};
