/** What is known of every code besides its message: when it happens, an example of it, and the area it belongs to. */
import { catalogue, type ErrorCode, type Problem, problem } from "../errors.ts";
import { baseExplanations } from "./explain/base.ts";
import { baselineExplanations } from "./explain/baseline.ts";
import { bugExplanations } from "./explain/bug.ts";
import { captureExplanations } from "./explain/capture.ts";
import { caseExplanations } from "./explain/case.ts";
import { certificateExplanations } from "./explain/certificate.ts";
import { cliExplanations } from "./explain/cli.ts";
import { connectorExplanations } from "./explain/connector.ts";
import { contractExplanations } from "./explain/contract.ts";
import { deliveryExplanations } from "./explain/delivery.ts";
import { endpointExplanations } from "./explain/endpoint.ts";
import { evidenceExplanations } from "./explain/evidence.ts";
import type { Explanations } from "./explain/explanation.ts";
import { imageExplanations } from "./explain/image.ts";
import { packExplanations } from "./explain/pack.ts";
import { pytestExplanations } from "./explain/pytest.ts";
import { runExplanations } from "./explain/run.ts";

/** By code; a code without an explanation is a type error. */
const explanations: Explanations<ErrorCode> = {
  ...contractExplanations,
  ...caseExplanations,
  ...runExplanations,
  ...baselineExplanations,
  ...evidenceExplanations,
  ...pytestExplanations,
  ...connectorExplanations,
  ...endpointExplanations,
  ...certificateExplanations,
  ...deliveryExplanations,
  ...imageExplanations,
  ...bugExplanations,
  ...packExplanations,
  ...baseExplanations,
  ...captureExplanations,
  ...cliExplanations,
};

/** The areas that errors belong to, with their codes in the order of the reference. */
export const errorAreas: readonly { readonly name: string; readonly codes: readonly ErrorCode[] }[] = [
  { name: "tally.toml", codes: codesOf(contractExplanations) },
  { name: "case tables", codes: codesOf(caseExplanations) },
  { name: "test files and runs", codes: codesOf(runExplanations) },
  { name: "the baseline", codes: codesOf(baselineExplanations) },
  { name: "signed evidence", codes: codesOf(evidenceExplanations) },
  { name: "pytest files", codes: codesOf(pytestExplanations) },
  { name: "connectors and programs", codes: codesOf(connectorExplanations) },
  { name: "HTTP endpoints", codes: codesOf(endpointExplanations) },
  { name: "certificates", codes: codesOf(certificateExplanations) },
  { name: "delivered suites", codes: codesOf(deliveryExplanations) },
  { name: "images and registries", codes: codesOf(imageExplanations) },
  { name: "replay, keep and bugs", codes: codesOf(bugExplanations) },
  { name: "packing, and running what was packed", codes: codesOf(packExplanations) },
  { name: "bases of images", codes: codesOf(baseExplanations) },
  { name: "capture", codes: codesOf(captureExplanations) },
  { name: "the command line", codes: codesOf(cliExplanations) },
];

function codesOf(explained: object): ErrorCode[] {
  return Object.keys(explained).filter(isErrorCode);
}

/** Whether a text is a code of the catalogue. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(catalogue, text);
}

/** When the error happens, in sentences. */
export function whenItHappens(code: ErrorCode): string {
  return explanations[code].when;
}

/** The error as it is said, with made-up arguments. */
export function exampleOf(code: ErrorCode): Problem {
  return problem(code, explanations[code].example);
}
