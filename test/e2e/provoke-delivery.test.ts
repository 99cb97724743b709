import { deliveryProvocations } from "./provocations/delivery.ts";
import { provokeAll } from "./provocations/provocation.ts";

provokeAll(deliveryProvocations);
