import { lists } from "./tests.ts";

lists(500000);
