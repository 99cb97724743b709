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
