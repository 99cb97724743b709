/** The SQL-injection model as Tally calls it. connector.py is the same model with pandas and scikit-learn. */
import { defineConnector } from "tallyml";
import { features, type Features } from "./features.ts";
import { predict, type Prediction } from "./model.ts";

interface Query {
  query: string;
}

interface Operations {
  process: { input: Query; output: Features };
  inference: { input: Query; output: Prediction };
}

export default defineConnector<Operations>({
  name: "sqli",
  after: { inference: "process" },
  process: (frame) => frame.column("query").map(features),
  inference: (frame) => frame.column("query").map((query) => predict(features(query))),
});
