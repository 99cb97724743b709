import { defineErrors } from "./define.ts";

/** What can be wrong with certificates, the endpoint's and ours. */
export const certificateErrors = defineErrors({
  "endpoint-ca": {
    exit: 2,
    say: (a: { path: string; reason: string }) => `The certificates in ${a.path} cannot be used: ${a.reason}.`,
    hint: () => "Give --ca a PEM file with the certificate of the authority that signed the endpoint's.",
  },
  "endpoint-client-cert": {
    exit: 2,
    say: (a: { path: string; reason: string }) => `${a.path} cannot be used as our certificate: ${a.reason}.`,
    hint: () =>
      "Give both, as PEM: --client-cert our.pem --client-key our.key (openssl pkey -in locked.key -out our.key takes a passphrase away).",
  },
  "endpoint-certificate": {
    exit: 3,
    say: (a: { url: string; reason: string }) => `The certificate of ${a.url} is not valid: ${a.reason}.`,
    hint: () =>
      "If an authority of your own signed it, name its certificate: --ca authority.pem. Tally never skips this check, whatever NODE_TLS_REJECT_UNAUTHORIZED says.",
  },
  "endpoint-wants-certificate": {
    exit: 3,
    say: (a: { url: string; reason: string; given: boolean }) =>
      a.given
        ? `${a.url} does not accept our certificate: ${a.reason}.`
        : `${a.url} wants a certificate of us, and none was given (${a.reason}).`,
    hint: (a) =>
      a.given
        ? "Ask who runs the endpoint which authority it trusts, and until when the certificate is valid: openssl x509 -in our.pem -noout -issuer -dates"
        : "Name one that its authority has signed: --client-cert our.pem --client-key our.key",
  },
});
