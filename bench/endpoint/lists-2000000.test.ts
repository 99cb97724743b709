import { lists } from "./tests.ts";

lists(2000000);
