import { baseProvocations } from "./base.ts";
import { baselineProvocations } from "./baseline.ts";
import { bugProvocations } from "./bugs.ts";
import { captureProvocations } from "./capture.ts";
import { caseProvocations } from "./cases.ts";
import { cliProvocations } from "./cli.ts";
import { connectorProvocations } from "./connector.ts";
import { contractProvocations } from "./contract.ts";
import { deliveryProvocations } from "./delivery.ts";
import { endpointProvocations } from "./endpoint.ts";
import { imageProvocations } from "./image.ts";
import { evidenceProvocations } from "./evidence.ts";
import { packProvocations } from "./pack.ts";
import type { Provocation } from "./provocation.ts";
import { pytestProvocations } from "./pytest.ts";
import { stdioProvocations } from "./stdio.ts";
import { suiteProvocations } from "./suite.ts";

/** Every way in which an error is provoked. */
export const provocations: readonly Provocation[] = [
  ...baseProvocations,
  ...baselineProvocations,
  ...bugProvocations,
  ...captureProvocations,
  ...caseProvocations,
  ...cliProvocations,
  ...connectorProvocations,
  ...contractProvocations,
  ...deliveryProvocations,
  ...endpointProvocations,
  ...imageProvocations,
  ...evidenceProvocations,
  ...packProvocations,
  ...pytestProvocations,
  ...stdioProvocations,
  ...suiteProvocations,
];
