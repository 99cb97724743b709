/** Words for what TLS finds wrong with a certificate. */
import { excerpt } from "./excerpt.ts";

const reasons = new Map([
  ["CERT_HAS_EXPIRED", "it has expired"],
  ["CERT_NOT_YET_VALID", "it is not valid yet"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "it is self-signed"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "the authority that signed it is not trusted here"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "the authority that signed it is not trusted here"],
  ["UNABLE_TO_GET_ISSUER_CERT", "the authority that signed it is not trusted here"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "the authority that signed it is not trusted here"],
  ["CERT_UNTRUSTED", "the authority that signed it is not trusted here"],
  ["CERT_REVOKED", "it was revoked"],
  ["CERT_SIGNATURE_FAILURE", "its signature is wrong"],
]);

/** What a server says of our certificate: TLS alerts, by the name that OpenSSL gives them. */
const refusals = new Map([
  ["CERTIFICATE_REQUIRED", "certificate required"],
  ["BAD_CERTIFICATE", "it calls it a bad certificate"],
  ["UNSUPPORTED_CERTIFICATE", "it does not know this kind of certificate"],
  ["CERTIFICATE_REVOKED", "it was revoked"],
  ["CERTIFICATE_EXPIRED", "it has expired"],
  ["CERTIFICATE_UNKNOWN", "it finds something wrong with it"],
  ["UNKNOWN_CA", "it does not trust the authority that signed it"],
  ["ACCESS_DENIED", "access denied"],
]);

/** What the server has against our certificate, or against there being none; undefined when the error is another one. */
export function refusalOfOurs(code: string): string | undefined {
  return refusals.get(/^ERR_SSL_(?:TLSV1|TLSV13|SSLV3)_ALERT_(\w+)$/.exec(code)?.[1] ?? "");
}

/** Undefined when the error is not about a certificate. */
export function certificateReason(error: Error, code: string): string | undefined {
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const reason = "reason" in error && typeof error.reason === "string" ? error.reason : error.message;
    return excerpt(`it is for another host (${reason.replace(/\.$/, "")})`);
  }
  const known = reasons.get(code);
  if (known !== undefined) return known;
  return /^(CERT|UNABLE_TO|CRL|INVALID_CA|PATH_LENGTH)_/.test(code) ? excerpt(error.message) : undefined;
}
